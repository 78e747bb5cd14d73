// Makes what the services of docker-compose.yml share, each in a volume of its own: the component's secret, the gateway's
// account at the broker, the certificates and the owner's account. What is there stays; a certificate that is about to
// expire is renewed. Runs before every start.
import { pbkdf2Sync, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { keepText, replaceFile } from "../dist/src/core/private-file.js";
import { keepCertificates } from "../dist/src/embedded/certificates.js";
import { keepOwner } from "../dist/src/embedded/owner-account.js";

const domain = "home.local";
const volumes = process.argv[2] ?? "/volumes";
const [gateway, prosody, mosquitto] = ["gateway", "prosody", "mosquitto"].map((name) => join(volumes, name));

process.umask(0o077);
const accounts = join(prosody, "accounts");
await mkdir(accounts, { recursive: true });

const component = await keepText(join(prosody, "component-secret"), randomSecret);
const broker = await keepText(join(mosquitto, "gateway-password"), randomSecret);
await replaceFile(
  join(prosody, "secret.cfg.lua"),
  `Component "iot.${domain}"\n  component_secret = "${component}"\n`,
);
// Its owner may add lines.
await keepText(join(gateway, "secrets.yaml"), () => `component: "${component}"\nbroker: "${broker}"\n`);
// The gateway looks for its secrets beside its configuration, which is mounted elsewhere.
await symlink("/etc/homeroster/homeroster.yaml", join(gateway, "homeroster.yaml")).catch((error) => {
  if (error.code !== "EEXIST") throw error;
});
// Devices get their accounts later; they are in the same file.
const passwords = join(mosquitto, "passwd");
if (!existsSync(passwords)) await replaceFile(passwords, `gateway:${mosquittoHash(broker)}\n`);

const { ca, fingerprint } = await keepCertificates(join(prosody, "certificates"), domain, {
  command: "openssl",
  environment: {},
});
await keepOwner(accounts, domain, join(gateway, "owner-password"));

console.log(`Account   owner@${domain}; its password: docker compose exec gateway cat /data/owner-password
Server    SHA-256 ${fingerprint}
Its CA    SHA-256 ${ca.fingerprint}; docker compose cp prosody:/data/certificates/ca.crt .
House     xmpp:home@iot.${domain}`);

function randomSecret() {
  return randomBytes(32).toString("hex");
}

/** As mosquitto_passwd writes it: PBKDF2 with SHA-512. */
function mosquittoHash(password) {
  const salt = randomBytes(12);
  const iterations = 101;
  const hash = pbkdf2Sync(password, salt, iterations, 64, "sha512");
  return `$7$${iterations}$${salt.toString("base64")}$${hash.toString("base64")}`;
}
