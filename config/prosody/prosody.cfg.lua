-- Prosody beside the gateway, as docker-compose.yml runs it: the accounts of home.local, and the house as iot.home.local. Runs on
-- Prosody 0.12 and 13. For another domain change home.local here and in config/compose/, before the first start.

data_path = "/data/accounts"
certificates = "/data/certificates"
umask = "077"
log = { { to = "console", levels = { min = "info" } } }
network_settings = { nagle = false }
plugin_paths = { "/usr/lib/prosody/modules" }

-- Clients from everywhere, by TLS only; the gateway shares this container's network.
interfaces = { "*" }
c2s_ports = { 5222 }
c2s_require_encryption = true
ssl = { key = "/data/certificates/server.key", certificate = "/data/certificates/server.crt" }
component_interfaces = { "127.0.0.1" }
component_ports = { 5347 }
http_ports = { 5280 }
https_ports = { }

authentication = "internal_hashed"
storage = "internal"
allow_registration = true
registration_invite_only = true

-- The house talks to no other server. Nothing is looked up.
modules_disabled = { "s2s" }
unbound = { resolvconf = false }
modules_enabled = {
  "roster", "saslauth", "tls", "disco", "ping", "time", "version", "uptime", "private", "vcard4", "vcard_legacy", "pep",
  "bookmarks", "blocklist", "carbons", "mam", "offline", "smacks", "csi", "csi_simple", "adhoc", "register",
  "invites", "invites_adhoc", "invites_register", "privilege",
}

VirtualHost "home.local"
  -- XEP-0356: the gateway puts devices on rosters.
  privileged_entities = { ["iot.home.local"] = { roster = "both" } }

Component "iot.home.local"
  modules_enabled = { "privilege" }
  component_conflict_resolve = "kick_old"

Component "pubsub.home.local" "pubsub"
  admins = { "iot.home.local" }

Component "rooms.home.local" "muc"
  modules_enabled = { "muc_mam" }
  restrict_room_creation = "local"

Component "upload.home.local" "http_file_share"
  http_file_share_access = { "home.local", "iot.home.local" }
  http_host = "127.0.0.1"
  http_external_url = "http://127.0.0.1:5280/"

-- The component's secret.
Include "/data/secret.cfg.lua"
