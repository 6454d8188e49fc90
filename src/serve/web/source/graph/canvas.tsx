// A canvas that can be panned, zoomed, and clicked. Draws only when something changed.
import { useEffect, useRef } from "preact/hooks";
import { lang, scheme, theme } from "../state";
import { neighboursOf, type Model, type Node } from "./model";
import { fitted, hit, Painter, within, type Camera } from "./painter";

export interface Handle {
  fit: () => void;
  png: () => Promise<Blob | null>;
}
interface Props {
  model: Model;
  chosen: Set<string>;
  label: (node: Node) => string;
  onSelect?: (token: string | null, more: boolean) => void;
  /** Given, a drag draws a line, and answers who is inside. */
  onLasso?: (tokens: string[]) => void;
  onOpen?: (token: string) => void;
  onMove?: (token: string, x: number, y: number) => void;
  handle?: (handle: Handle) => void;
  still?: boolean;
  title: string;
}

export function Canvas(props: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const now = useRef(props);
  now.current = props;
  const inner = useRef<{ draw: () => void; fit: () => void } | null>(null);

  useEffect(() => {
    const element = canvas.current!;
    const painter = new Painter(element);
    let camera: Camera = { x: 0, y: 0, scale: 1 };
    let [frame, moving, rest, fresh] = [0, false, 0, true];
    const drag = { on: false, node: null as Node | null, x: 0, y: 0, far: 0, dx: 0, dy: 0 };
    let line: [number, number][] = [];
    const paint = () => {
      frame = 0;
      const { model, label } = now.current;
      const chosen = new Set([...now.current.chosen].filter((token) => model.nodes.has(token)));
      const [first] = chosen;
      const near = chosen.size === 0 ? null : chosen.size === 1 ? neighboursOf(model, first) : chosen;
      let model_ = model;
      if (drag.node && drag.far > 3) {
        const nodes = new Map(model.nodes);
        nodes.set(drag.node.token, { ...drag.node, x: drag.node.x + drag.dx, y: drag.node.y + drag.dy });
        model_ = { ...model, nodes };
      }
      painter.draw(model_, camera, { chosen, near, label, moving });
      if (line.length > 1) painter.lasso(line);
    };
    const draw = () => { if (!frame) frame = requestAnimationFrame(paint); };
    const fit = () => {
      camera = fitted(now.current.model, painter.width, painter.height);
      draw();
    };
    const move = () => {
      moving = true;
      clearTimeout(rest);
      rest = window.setTimeout(() => { moving = false; draw(); }, 140);
      draw();
    };
    inner.current = { draw, fit };
    now.current.handle?.({ fit, png: () => new Promise((done) => { paint(); element.toBlob(done, "image/png"); }) });
    const watch = new ResizeObserver(() => {
      painter.resize();
      if (fresh || now.current.still) fit();
      if (painter.width > 0 && now.current.model.nodes.size > 0) fresh = false;
      paint();
    });
    watch.observe(element);
    const place = (event: MouseEvent): [number, number] => {
      const box = element.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    const under = (event: MouseEvent) => hit(now.current.model, camera, painter.width, painter.height, ...place(event));
    const wheel = (event: WheelEvent) => {
      if (now.current.still) return;
      event.preventDefault();
      const [px, py] = place(event);
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0016));
      const scale = Math.min(8, Math.max(0.02, camera.scale * factor));
      const shift = 1 / camera.scale - 1 / scale;
      camera = { x: camera.x + (px - painter.width / 2) * shift, y: camera.y + (py - painter.height / 2) * shift, scale };
      move();
    };
    const down = (event: PointerEvent) => {
      if (event.button !== 0) return;
      if (now.current.onLasso) {
        line = [place(event)];
        element.setPointerCapture(event.pointerId);
        return;
      }
      const node = now.current.still ? null : under(event);
      Object.assign(drag, { on: true, node: now.current.onMove ? node : null, x: event.clientX, y: event.clientY, far: 0, dx: 0, dy: 0 });
      element.setPointerCapture(event.pointerId);
    };
    const over = (event: PointerEvent) => {
      if (line.length) {
        line.push(place(event));
        draw();
        return;
      }
      if (!drag.on) {
        element.style.cursor = now.current.onLasso ? "crosshair" : now.current.onSelect && under(event) ? "pointer" : now.current.still ? "" : "grab";
        return;
      }
      const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
      [drag.x, drag.y] = [event.clientX, event.clientY];
      drag.far += Math.abs(dx) + Math.abs(dy);
      if (drag.node) {
        drag.dx += dx / camera.scale;
        drag.dy += dy / camera.scale;
        draw();
      } else if (!now.current.still && drag.far > 2) {
        camera = { ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale };
        move();
      }
    };
    const up = (event: PointerEvent) => {
      if (line.length) {
        const found = line.length > 2 ? within(now.current.model, camera, painter.width, painter.height, line) : [];
        line = [];
        now.current.onLasso?.(found);
        draw();
        return;
      }
      if (!drag.on) return;
      const { node, far, dx, dy } = drag;
      Object.assign(drag, { on: false, node: null });
      if (far <= 3) now.current.onSelect?.(under(event)?.token ?? null, event.shiftKey);
      else if (node) now.current.onMove?.(node.token, node.x + dx, node.y + dy);
    };
    const twice = (event: MouseEvent) => {
      const node = under(event);
      if (node) now.current.onOpen?.(node.token);
    };
    /** Arrows move the camera, plus and minus bring it nearer and take it away. */
    const press = (event: KeyboardEvent) => {
      const step = ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] } as Record<string, [number, number]>)[event.key];
      const nearer = ({ "+": 1.25, "=": 1.25, "-": 0.8 } as Record<string, number>)[event.key];
      if (now.current.still || event.ctrlKey || event.metaKey || (!step && !nearer)) return;
      event.preventDefault();
      if (step) camera = { ...camera, x: camera.x + (60 * step[0]) / camera.scale, y: camera.y + (60 * step[1]) / camera.scale };
      else camera = { ...camera, scale: Math.min(8, Math.max(0.02, camera.scale * nearer)) };
      move();
    };
    element.addEventListener("keydown", press);
    element.addEventListener("wheel", wheel, { passive: false });
    element.addEventListener("pointerdown", down);
    element.addEventListener("pointermove", over);
    element.addEventListener("pointerup", up);
    element.addEventListener("dblclick", twice);
    return () => {
      watch.disconnect();
      cancelAnimationFrame(frame);
      clearTimeout(rest);
    };
  }, []);

  const before = useRef(0);
  useEffect(() => {
    // A graph that comes for the first time is shown whole; later changes leave the camera alone.
    if (before.current === 0 || props.still) inner.current?.fit();
    else inner.current?.draw();
    before.current = props.model.nodes.size;
  }, [props.model]);
  useEffect(() => inner.current?.draw(), [props.chosen, lang.value, theme.value, scheme.value]);

  return <canvas ref={canvas} class="canvas" role="img" aria-label={props.title} tabIndex={props.still ? -1 : 0} />;
}
