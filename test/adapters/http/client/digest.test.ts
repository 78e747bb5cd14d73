import { describe, expect, test } from "vitest";
import { DigestLogin } from "../../../../adapters/http/client/digest.js";

const mufasa = { username: "Mufasa", password: "Circle of Life" };
const cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

function proofOf(login: DigestLogin, method = "GET", uri = "/dir/index.html"): string | undefined {
  return login.prove(method, uri)?.authorization;
}

describe("a login by digest", () => {
  // RFC 7616 §3.9.1
  const offered = (algorithm: string) =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';

  test.each([
    ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
    ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
  ])("answers the example of RFC 7616 with %s", (algorithm, response) => {
    const login = new DigestLogin(mufasa, () => cnonce);
    expect(proofOf(login)).toBeUndefined();
    expect(login.isChallenged(offered(algorithm), undefined)).toBe(true);
    expect(proofOf(login)).toBe(
      'Digest username="Mufasa", realm="http-auth@example.org", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", ' +
        `uri="/dir/index.html", algorithm=${algorithm}, cnonce="${cnonce}", qop=auth, nc=00000001, ` +
        `opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS", response="${response}"`,
    );
  });

  test("takes the strongest of several challenges, wherever it stands", () => {
    const login = new DigestLogin(mufasa, () => cnonce);
    login.isChallenged(`Basic realm="a, b", ${offered("MD5")}, ${offered("SHA-256")}, Negotiate`, undefined);
    expect(proofOf(login)).toContain("753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1");
  });

  // RFC 7616 §3.9.2
  test("hides a user name, which may have any letters, where the server asks for it", () => {
    const login = new DigestLogin(
      { username: "Jäsøn Doe", password: "Secret, or not?" },
      () => "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
    );
    login.isChallenged(
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", ' +
        'opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS", charset=UTF-8, userhash=true',
      undefined,
    );
    const proof = proofOf(login, "GET", "/doe.json");
    expect(proof).toContain('username="793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b"');
    expect(proof).toContain('response="3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5"');
    expect(proof).toContain("userhash=true");
  });

  test("writes a user name of other letters in full where it is not hidden", () => {
    const login = new DigestLogin({ username: "Jäsøn Doe", password: "x" });
    login.isChallenged('Digest realm="r", nonce="n", qop="auth"', undefined);
    expect(proofOf(login)).toContain("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe,");
  });

  // RFC 2617 §3.5, and RFC 2069 as curl computes it
  test.each([
    ['qop="auth,auth-int", ', "6629fae49393a05397450978507c4ef1"],
    ["", "670fd8c2df070c60b045671b8b24ff02"],
  ])("speaks with older servers, whose challenge has %j", (qop, response) => {
    const login = new DigestLogin({ username: "Mufasa", password: "Circle Of Life" }, () => "0a4f113b");
    login.isChallenged(
      `Digest realm="testrealm@host.com", ${qop}nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"`,
      undefined,
    );
    expect(proofOf(login)).toContain(`response="${response}"`);
  });

  test("counts the requests of one nonce, and begins anew with the next", () => {
    const login = new DigestLogin(mufasa);
    const counts = () => /nonce="(\w)".*cnonce="([^"]+)".*nc=(\w+)/.exec(proofOf(login) ?? "")?.slice(1);
    login.isChallenged('Digest realm="r", nonce="a", qop="auth"', undefined);
    const [first, second] = [counts(), counts()];
    expect([first?.[0], first?.[2], second?.[2]]).toEqual(["a", "00000001", "00000002"]);
    login.takeInfo('nextnonce="b", qop=auth, rspauth="00"');
    const third = counts();
    expect([third?.[0], third?.[2]]).toEqual(["b", "00000001"]);
    expect(third?.[1]).not.toBe(first?.[1]);
  });

  test("does not ask again when the same challenge refused it, unless it was stale", () => {
    const login = new DigestLogin(mufasa);
    const challenge = 'Digest realm="r", nonce="a", qop="auth"';
    expect(login.isChallenged(challenge, undefined)).toBe(true);
    const proof = login.prove("GET", "/");
    expect(login.isChallenged(challenge, proof)).toBe(false);
    expect(login.isChallenged(`${challenge}, stale=TRUE`, proof)).toBe(true);
  });

  test("goes on counting when two requests got the same challenge", () => {
    const login = new DigestLogin(mufasa);
    const challenge = 'Digest realm="r", nonce="a", qop="auth"';
    login.isChallenged(challenge, undefined);
    login.prove("GET", "/");
    expect(login.isChallenged(challenge, undefined)).toBe(true);
    expect(proofOf(login)).toContain("nc=00000002");
  });

  test.each([
    ["Basic"],
    ['Basic realm="x"'],
    ['Digest realm="r"'],
    ['Digest realm="r", nonce="n", qop="auth-int"'],
    ['Digest realm="r", nonce="n", algorithm=SHA-1'],
    ['Digest realm="r, nonce="n"'],
    [""],
    [",,= ="],
  ])("has no answer to %j", (challenge) => {
    const login = new DigestLogin(mufasa);
    expect(login.isChallenged(challenge, undefined)).toBe(false);
    expect(proofOf(login)).toBeUndefined();
  });
});
