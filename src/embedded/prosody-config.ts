import { invitationModule } from "./invitation-module.js";

/** What the generated configuration of a private Prosody depends on. */
export interface ProsodySettings {
  readonly domain: string;
  /** Of the component `iot.<domain>`. */
  readonly secret: string;
  readonly dataPath: string;
  /** A directory that exists; Prosody looks through it even when it needs no certificate. */
  readonly certificates: string;
  readonly ports: { readonly component: number; readonly c2s: number; readonly http: number };
  readonly c2sInterfaces: readonly string[];
  /** Files. With them clients must use TLS; without, there is none. */
  readonly tls?: { readonly key: string; readonly certificate: string };
  /** A directory of community modules; with it the component may keep the rosters of the accounts (XEP-0356). */
  readonly modules?: string | undefined;
  /** A directory with the module by which the gateway invites people. */
  readonly ownModules?: string | undefined;
}

interface ProsodyDomains {
  readonly component: string;
  readonly pubsub: string;
}

export function domainsOf(domain: string): ProsodyDomains {
  return { component: `iot.${domain}`, pubsub: `pubsub.${domain}` };
}

const hostModules = [
  "roster",
  "saslauth",
  "disco",
  "ping",
  "time",
  "version",
  "uptime",
  "private",
  "vcard4",
  "vcard_legacy",
  "pep",
  "bookmarks",
  "blocklist",
  "carbons",
  "mam",
  "offline",
  "smacks",
  "csi",
  "csi_simple",
  "adhoc",
  "register",
  "invites",
  "invites_adhoc",
  "invites_register",
];

/**
 * The configuration file, for Prosody 0.12 and 13. All paths are written out, and nothing is read from the environment.
 */
export function prosodyConfig(settings: ProsodySettings): string {
  const { domain, ports, tls, modules, ownModules } = settings;
  const domains = domainsOf(domain);
  const enabled = [
    ...hostModules,
    ...(tls === undefined ? [] : ["tls"]),
    ...(modules === undefined ? [] : ["privilege"]),
  ];
  const pluginPaths = [ownModules, modules].filter((path) => path !== undefined);
  const ofHost = ownModules === undefined ? [] : [invitationModule];
  const withModules = (line: string) => (modules === undefined ? "" : `${line}\n`);
  return `-- Written by Homeroster at every start: changes made here are lost.
data_path = ${lua(settings.dataPath)}
certificates = ${lua(settings.certificates)}
run_as_root = true
umask = "077"
log = { { to = "console", levels = { min = "info" } } }
network_settings = { nagle = false }
-- Nothing is looked up here, and without this a system that has no resolv.conf would end Prosody.
unbound = { resolvconf = false }
interfaces = { "127.0.0.1" }
c2s_interfaces = ${lua(settings.c2sInterfaces)}
c2s_ports = { ${ports.c2s} }
c2s_require_encryption = ${tls !== undefined}
component_interfaces = { "127.0.0.1" }
component_ports = { ${ports.component} }
http_interfaces = { "127.0.0.1" }
http_ports = { ${ports.http} }
https_ports = { }
authentication = "internal_hashed"
storage = "internal"
allow_registration = true
registration_invite_only = true
modules_disabled = { "s2s" }
modules_enabled = ${lua(enabled)}
plugin_paths = ${lua(pluginPaths)}
${tls === undefined ? "" : `ssl = { key = ${lua(tls.key)}, certificate = ${lua(tls.certificate)} }\n`}
VirtualHost ${lua(domain)}
  modules_enabled = ${lua(ofHost)}
  homeroster_gateway = ${lua(domains.component)}
${withModules(`  privileged_entities = { [${lua(domains.component)}] = { roster = "both" } }`)}
Component ${lua(domains.component)}
${withModules('  modules_enabled = { "privilege" }')}  component_secret = ${lua(settings.secret)}
  component_conflict_resolve = "kick_old"

Component ${lua(domains.pubsub)} "pubsub"
  admins = { ${lua(domains.component)} }

Component ${lua(`rooms.${domain}`)} "muc"
  modules_enabled = { "muc_mam" }
  restrict_room_creation = "local"

Component ${lua(`upload.${domain}`)} "http_file_share"
  http_file_share_access = ${lua([domain, domains.component])}
  http_host = "127.0.0.1"
  http_external_url = ${lua(`http://127.0.0.1:${ports.http}/`)}
`;
}

function lua(value: string | readonly string[]): string {
  if (typeof value !== "string") return `{ ${value.map(lua).join(", ")} }`;
  return `"${value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
