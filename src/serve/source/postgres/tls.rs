//! Does what is read from a database travel encrypted, and from whom does it come?
//!
//! To another machine always by TLS, with a certificate that an authority the operator names has signed for that host. Only
//! `sslmode=disable`, written by the operator, sends passwords and rows in the clear. On this machine TLS is used where an
//! authority is named. There is no way to encrypt without asking who is at the other end.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// How to connect.
pub(super) enum Way {
    /// In the clear.
    Plain,
    /// By TLS, with the certificate checked.
    Tls(Box<MakeRustlsConnect>),
}

/// How to connect to the hosts of this configuration, which is made to insist on it.
pub(super) fn way(config: &mut Config, authority: Option<&Path>) -> Result<Way, String> {
    let mode = config.get_ssl_mode();
    if mode == SslMode::Disable || (mode == SslMode::Prefer && authority.is_none() && is_here(config)) {
        config.ssl_mode(SslMode::Disable);
        return Ok(Way::Plain);
    }
    let Some(authority) = authority else {
        return Err("the database is on another machine, and nothing says whose certificates to trust. Remedy: ca = \"FILE\" in the file of settings, or PGSSLROOTCERT=FILE in the environment, names the authority's certificate in PEM; sslmode=disable in the URL sends passwords and rows in the clear, for a network that nobody else reaches / 数据库在另一台机器上, 但未指定信任的证书; 请在设置文件中写 ca = \"FILE\", 或设环境变量 PGSSLROOTCERT=FILE, 指明 CA 的 PEM 证书; URL 中的 sslmode=disable 会明文传输口令和数据, 仅限他人无法接入的网络".to_owned());
    };
    config.ssl_mode(SslMode::Require);
    let wrong = |why: String| format!("{}: {why}", authority.display());
    let certificates: Result<Vec<CertificateDer<'static>>, _> =
        CertificateDer::pem_file_iter(authority).and_then(Iterator::collect);
    let mut roots = RootCertStore::empty();
    for certificate in certificates.map_err(|error| wrong(error.to_string()))? {
        roots.add(certificate).map_err(|error| wrong(error.to_string()))?;
    }
    if roots.is_empty() {
        return Err(wrong("there is no certificate in it / 其中没有证书".to_owned()));
    }
    let made = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Way::Tls(Box::new(MakeRustlsConnect::new(made))))
}

/// Whether all hosts are this machine.
fn is_here(config: &Config) -> bool {
    let loopback = |address: &IpAddr| address.is_loopback();
    if !config.get_hostaddrs().is_empty() {
        return config.get_hostaddrs().iter().all(loopback);
    }
    config.get_hosts().iter().all(|host| match host {
        Host::Tcp(name) => name == "localhost" || name.parse().is_ok_and(|address| loopback(&address)),
        #[cfg(unix)]
        Host::Unix(_) => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(url: &str, authority: Option<&Path>) -> Result<(Way, SslMode), String> {
        let mut config: Config = url.parse().expect("a URL");
        let way = way(&mut config, authority)?;
        Ok((way, config.get_ssl_mode()))
    }

    #[test]
    fn in_the_clear_only_on_this_machine_or_where_somebody_wrote_so() {
        for url in [
            "postgres://clerk@127.0.0.1/yb",
            "postgres://clerk@[::1]/yb",
            "postgres://clerk@localhost/yb",
            "postgres:///yb?host=/run/postgresql",
            "postgres://clerk@10.0.0.5/yb?sslmode=disable",
        ] {
            assert!(matches!(asked(url, None), Ok((Way::Plain, SslMode::Disable))), "{url}");
        }
        for url in [
            "postgres://clerk@10.0.0.5/yb",
            "postgres://clerk@db/yb?sslmode=prefer",
            "postgres://clerk@localhost/yb?hostaddr=10.0.0.5",
            "postgres://clerk@localhost,db/yb",
            "postgres://clerk@127.0.0.1/yb?sslmode=require",
        ] {
            let why = asked(url, None).err().expect(url);
            assert!(why.contains("PGSSLROOTCERT") && why.contains("sslmode=disable"), "{why}");
        }
    }

    #[test]
    fn an_authority_is_read_or_named_as_unreadable() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/tls");
        let certificate = folder.join("cert.pem");
        for url in ["postgres://clerk@db/yb", "postgres://clerk@127.0.0.1/yb"] {
            assert!(matches!(asked(url, Some(&certificate)), Ok((Way::Tls(_), SslMode::Require))), "{url}");
        }
        for file in [folder.join("none.pem"), Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")] {
            let why = asked("postgres://clerk@db/yb", Some(&file)).err().expect("refused");
            assert!(why.contains(file.to_str().expect("a name")), "{why}");
        }
    }
}
