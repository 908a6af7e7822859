-- Prosody for bench/xmpp.ts: what the platform does besides messages is switched on here too; nothing leaves the machine.
local folder = os.getenv("BENCH_FOLDER")
run_as_root = true
daemonize = false
interfaces = { "127.0.0.1" }
c2s_ports = { tonumber(os.getenv("BENCH_PORT")) }
c2s_direct_tls_ports = { tonumber(os.getenv("BENCH_TLS_PORT")) }
s2s_ports = {}
data_path = folder
pidfile = folder .. "/prosody.pid"
log = { warn = "*console" }
network_backend = "epoll"
gc = { mode = "generational" }
local modules = { "roster", "saslauth", "tls", "disco", "ping", "smacks", "carbons", "blocklist", "offline", "register" }
modules_disabled = { "s2s" }
if os.getenv("BENCH_ARCHIVE") == "on" then table.insert(modules, "mam") end
modules_enabled = modules
allow_registration = true
registration_throttle_max = nil
authentication = "internal_hashed"
password_hash = "SHA-256"
c2s_require_encryption = false
limits = {}
ssl = { key = folder .. "/key.pem", certificate = folder .. "/certificate.pem" }
c2s_direct_tls_ssl = ssl
VirtualHost "bench.test"
