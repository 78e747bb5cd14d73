import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GatewayError, messageOf } from "../core/errors.js";
import { keepText, replaceFile } from "../core/private-file.js";
import { runTool } from "./child.js";

const caDays = 3650;
/** Longer ones are refused by some phones. */
const serverDays = 825;
const renewBefore = 60 * 24 * 60 * 60 * 1000;

/** A certificate authority of this house alone, and the server certificate that it signed. */
export interface Certificates {
  readonly ca: { readonly file: string /** SHA-256, as clients show it. */; readonly fingerprint: string };
  /** Private, PEM. */
  readonly key: string;
  /** The server's certificate and the authority's, PEM. */
  readonly certificate: string;
  /** SHA-256 of the server's own certificate. */
  readonly fingerprint: string;
}

/** How to run openssl. */
export interface Openssl {
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The certificates of `domain` in `directory`: made at the first call, the server's made anew when it is about to expire.
 * The authority stays, so that phones which trust it go on.
 */
export async function keepCertificates(
  directory: string,
  domain: string,
  openssl: Openssl,
): Promise<Certificates> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const at = (name: string) => join(directory, name);
  const [caKey, key] = [at("ca.key"), at("server.key")];
  for (const file of [caKey, key]) await keepText(file, newKey);

  const ca = at("ca.crt");
  if ((await certificateIn(ca)) === undefined) {
    await sign(
      openssl,
      directory,
      ca,
      ["-key", caKey, "-days", String(caDays), "-subj", "/CN=Homeroster"],
      [
        "basicConstraints = critical, CA:TRUE, pathlen:0",
        "keyUsage = critical, keyCertSign, cRLSign",
        // Whoever trusts this authority trusts it for this house only.
        `nameConstraints = critical, permitted;DNS:${domain}`,
      ],
    );
  }
  const authority = await readCertificate(ca);
  const certificate = at("server.crt");
  const present = await certificateIn(certificate);
  if (
    present === undefined ||
    Date.parse(present.validTo) < Date.now() + renewBefore ||
    !present.verify(authority.publicKey)
  ) {
    const own = at("server-only.crt");
    const parameters = [
      "-CA",
      ca,
      "-CAkey",
      caKey,
      "-key",
      key,
      "-days",
      String(serverDays),
      "-subj",
      "/CN=Homeroster server",
    ];
    await sign(openssl, directory, own, parameters, [
      "basicConstraints = critical, CA:FALSE",
      "keyUsage = critical, digitalSignature",
      "extendedKeyUsage = serverAuth",
      // RFC 6120 §13.7.1.2: the domain, also as an XmppAddr.
      `subjectAltName = DNS:${domain}, otherName:1.3.6.1.5.5.7.8.5;UTF8:${domain}`,
    ]);
    await replaceFile(certificate, `${await readFile(own, "utf8")}${await readFile(ca, "utf8")}`);
    await rm(own);
  }
  return {
    ca: { file: ca, fingerprint: authority.fingerprint256 },
    key,
    certificate,
    fingerprint: (await readCertificate(certificate)).fingerprint256,
  };
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Node makes keys but no certificates. */
async function sign(
  openssl: Openssl,
  directory: string,
  file: string,
  parameters: readonly string[],
  extensions: readonly string[],
): Promise<void> {
  const config = join(directory, "openssl.cnf");
  await writeFile(
    config,
    `[req]\ndistinguished_name = name\nx509_extensions = own\n[name]\n[own]\n${extensions.join("\n")}\n`,
  );
  try {
    const request = ["req", "-x509", "-new", "-sha256", "-config", config, "-out", `${file}.new`];
    await runTool(openssl.command, [...request, ...parameters], { environment: openssl.environment });
  } catch (cause) {
    throw new GatewayError("adapter-failed", `openssl made no certificate: ${messageOf(cause)}`, { cause });
  } finally {
    await rm(config, { force: true });
  }
  await chmod(`${file}.new`, 0o600);
  await rename(`${file}.new`, file);
}

async function readCertificate(file: string): Promise<X509Certificate> {
  return new X509Certificate(await readFile(file));
}

async function certificateIn(file: string): Promise<X509Certificate | undefined> {
  return readCertificate(file).catch(() => undefined);
}
