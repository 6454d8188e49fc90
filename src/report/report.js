(function () {
  "use strict";
  var root = document.documentElement;
  // A ring lies folded in a <template> until somebody opens it.
  function unfold(details) {
    var template = details.querySelector("template");
    if (!template) return;
    var body = document.createElement("div");
    body.className = "body";
    body.appendChild(template.content.cloneNode(true));
    details.replaceChild(body, template);
  }
  function each(selector, act) { Array.prototype.forEach.call(document.querySelectorAll(selector), act); }
  each("details.ring", function (details) {
    details.addEventListener("toggle", function () { if (details.open) unfold(details); });
  });
  function follow() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") { unfold(target); target.open = true; target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", follow);
  follow();
  each("table.ranked a", function (link) { link.addEventListener("click", function () { setTimeout(follow, 0); }); });
  function speak(language) {
    root.setAttribute("data-lang", language);
    root.lang = language === "zh" ? "zh-CN" : "en";
    try { localStorage.setItem("medring-language", language); } catch (ignored) { /* a file:// page may have no storage */ }
  }
  try { if (localStorage.getItem("medring-language") === "en") speak("en"); } catch (ignored) { /* as above */ }
  document.getElementById("language").addEventListener("click", function () {
    speak(root.getAttribute("data-lang") === "zh" ? "en" : "zh");
  });
  document.getElementById("print").addEventListener("click", function () {
    each("details.ring", function (details) { unfold(details); details.open = true; });
    window.print();
  });
  var filter = document.getElementById("filter");
  if (filter) filter.addEventListener("input", function () {
    var wanted = filter.value.trim().toLowerCase(), shown = 0, all = 0;
    each("table.ranked tbody tr", function (row) {
      var fits = row.textContent.toLowerCase().indexOf(wanted) >= 0;
      row.hidden = !fits; all += 1; shown += fits ? 1 : 0;
    });
    document.getElementById("count").textContent = wanted ? shown + " / " + all : "";
  });
})();
