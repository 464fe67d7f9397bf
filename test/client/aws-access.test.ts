import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { clientSettings } from "../../client/aws-access";
import { networkFor } from "../../client/network";
import { sharedSetting } from "../../client/shared-config";
import { UsageError } from "../../contract/errors";
import { type Rehearsal, startRehearsal } from "../../rehearsal/rehearsal";

const tls = join(__dirname, "../fixtures/tls");
const credentials = { accessKeyId: "rehearsal", secretAccessKey: "rehearsal" };
const names = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "AWS_CA_BUNDLE", "AWS_PROFILE"];
const lowered = names.map((name) => name.toLowerCase());

async function listening(server: Server): Promise<number> {
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  return (server.address() as AddressInfo).port;
}

/** A proxy that finds every host at one port of this machine, and remembers what it was asked for. */
function proxyTo(port: () => number, asked: string[]): Server {
  const server = createServer((message, response) => {
    asked.push(`${message.method} ${message.url}`);
    const on = request({
      port: port(),
      host: "127.0.0.1",
      method: message.method,
      path: message.url,
      headers: message.headers,
    });
    message.pipe(on).on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
  });
  server.on("connect", (message, socket) => {
    asked.push(`CONNECT ${message.url}`);
    const on = connect(port(), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      on.pipe(socket).pipe(on);
    });
    on.on("error", () => socket.destroy());
    socket.on("error", () => on.destroy());
  });
  return server;
}

describe("the way to AWS", () => {
  const before = new Map<string, string | undefined>();
  let rehearsal: Rehearsal;
  let secure: Server;
  let proxy: Server;
  let toPort: number;
  let proxyUrl: string;
  let asked: string[];

  beforeEach(async () => {
    for (const name of [...names, ...lowered]) {
      before.set(name, process.env[name]);
      delete process.env[name];
    }
    before.set("AWS_CONFIG_FILE", process.env.AWS_CONFIG_FILE);
    process.env.AWS_CONFIG_FILE = "/none";
    asked = [];
    rehearsal = await startRehearsal({ imageFolders: [] });
    const { port } = new URL(rehearsal.url);
    secure = createTlsServer(
      { key: readFileSync(join(tls, "key.pem")), cert: readFileSync(join(tls, "certificate.pem")) },
      (message: IncomingMessage, response) => {
        const { method, url, headers } = message;
        message.pipe(request({ port, host: "127.0.0.1", method, path: url, headers })).on("response", (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        });
      },
    ) as unknown as Server;
    toPort = await listening(secure);
    proxy = proxyTo(() => toPort, asked);
    proxyUrl = `http://127.0.0.1:${await listening(proxy)}`;
  });
  afterEach(async () => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    for (const server of [proxy, secure]) {
      server.closeAllConnections();
      server.close();
    }
    await rehearsal.close();
  });

  const whoAmI = async (endpoint: string): Promise<string | undefined> => {
    const sts = new STSClient({ ...clientSettings("eu-west-1", { endpoint, credentials }), maxAttempts: 1 });
    try {
      return (await sts.send(new GetCallerIdentityCommand({}))).Account;
    } finally {
      sts.destroy();
    }
  };

  it("goes through the proxy and trusts the bundle that the environment names", async () => {
    process.env.HTTPS_PROXY = proxyUrl;
    process.env.AWS_CA_BUNDLE = join(tls, "certificate.pem");
    assert.equal(await whoAmI("https://aws.rehearsal.test"), "123456789012");
    assert.deepEqual(asked, ["CONNECT aws.rehearsal.test:443"]);
  });

  it("trusts nobody else through a proxy", async () => {
    process.env.HTTPS_PROXY = proxyUrl;
    await assert.rejects(whoAmI("https://aws.rehearsal.test"), /self-signed certificate/);
  });

  it("takes a plain address through the proxy for plain ones", async () => {
    process.env.http_proxy = proxyUrl;
    toPort = Number(new URL(rehearsal.url).port);
    assert.equal(await whoAmI("http://aws.rehearsal.test"), "123456789012");
    assert.deepEqual(asked, ["POST http://aws.rehearsal.test/"]);
  });

  it("reaches the hosts of NO_PROXY, and this machine, without one", async () => {
    process.env.HTTP_PROXY = proxyUrl;
    process.env.NO_PROXY = ".rehearsal.test";
    await assert.rejects(whoAmI("http://aws.rehearsal.test:1"), /ENOTFOUND|EAI_AGAIN|ECONNREFUSED/);
    assert.equal(await whoAmI(rehearsal.url), "123456789012");
    assert.deepEqual(asked, []);
  });

  it("is the AWS SDK's own where the environment says nothing", () => {
    assert.equal(networkFor(undefined, { AWS_CONFIG_FILE: "/none" }), undefined);
    assert.deepEqual(clientSettings("eu-west-1"), { region: "eu-west-1" });
  });

  const bundles: ReadonlyArray<readonly [string, string]> = [
    ["/none.pem", "no such file"],
    [__filename.replace(/aws-access/, "submit"), "no certificate in it"],
  ];
  for (const [path, got] of bundles) {
    it(`refuses a bundle that holds nothing to trust: ${got}`, () => {
      assert.throws(
        () => networkFor(undefined, { AWS_CA_BUNDLE: path }),
        (cause) =>
          cause instanceof UsageError && cause.problems[0]?.code === "ASY-313" && cause.problems[0].got === got,
      );
    });
  }
});

describe("the shared configuration file", () => {
  const certificate = join(tls, "certificate.pem");
  let file: string;
  beforeEach(async () => {
    file = join(await mkdtemp(join(tmpdir(), "config-")), "config");
  });
  afterEach(() => rm(dirname(file), { recursive: true }));

  const settings: ReadonlyArray<readonly [string, string, NodeJS.ProcessEnv, string | undefined, string | undefined]> =
    [
      ["the default profile", "[default]\nca_bundle = a.pem # ours\n", {}, undefined, "a.pem"],
      ["a profile by AWS_PROFILE", "[profile one]\r\nca_bundle=a.pem\r\n", { AWS_PROFILE: "one" }, undefined, "a.pem"],
      ["the profile that is asked for", "[default]\nca_bundle = a\n[profile two]\nca_bundle = b\n", {}, "two", "b"],
      ["a profile in quotation marks", '[profile "one two"]\nca_bundle = a\n', {}, "one two", "a"],
      ["nobody's but the profile's own", "[profile one]\nca_bundle = a\n", {}, undefined, undefined],
      ["no setting that only begins the same", "[default]\nca_bundle_too = a\n", {}, undefined, undefined],
      ["no setting within another", "[default]\ns3 =\n  ca_bundle = a\n", {}, undefined, undefined],
      ["no section that is no profile", "[services one]\nca_bundle = a\n", {}, "one", undefined],
      ["no value that is none", "[default]\nca_bundle =\n", {}, undefined, undefined],
    ];
  for (const [whose, text, env, profile, value] of settings) {
    it(`gives the setting of ${whose}`, async () => {
      await writeFile(file, text);
      assert.equal(sharedSetting("ca_bundle", { AWS_CONFIG_FILE: file, ...env }, profile)?.value, value);
    });
  }

  it("names whom to trust, unless the environment does", async () => {
    await writeFile(file, `[profile one]\nca_bundle = ${certificate}\n`);
    const network = networkFor(undefined, { AWS_CONFIG_FILE: file }, "one");
    assert.equal(network?.httpsAgent.options.ca, readFileSync(certificate, "utf8"));
    const env = { AWS_CONFIG_FILE: file, AWS_CA_BUNDLE: "/none.pem" };
    assert.throws(() => networkFor(undefined, env, "one"), /AWS_CA_BUNDLE=\/none\.pem/);
    await writeFile(file, "[default]\nca_bundle = /none.pem\n");
    assert.throws(
      () => networkFor(undefined, { AWS_CONFIG_FILE: file }),
      (cause) =>
        cause instanceof UsageError && cause.problems[0]?.at === `ca_bundle=/none.pem of profile default in ${file}`,
    );
  });
});

describe("a role", () => {
  /** STS as far as a role is taken on, with the forms it was sent. */
  let sts: Server;
  let endpoint: string;
  let forms: URLSearchParams[];
  let answer: { status: number; body: string };
  beforeEach(async () => {
    forms = [];
    const expires = new Date(Date.now() + 3_600_000).toISOString();
    answer = {
      status: 200,
      body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/caller/async-fleet</Arn><AssumedRoleId>AROA:async-fleet</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>ASIATAKENON</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${expires}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    };
    sts = createServer(async (message, response) => {
      forms.push(new URLSearchParams(await text(message)));
      response.writeHead(answer.status, { "content-type": "text/xml" }).end(answer.body);
    });
    endpoint = `http://127.0.0.1:${await listening(sts)}`;
  });
  afterEach(() => {
    sts.closeAllConnections();
    sts.close();
  });
  const arn = "arn:aws:iam::123456789012:role/caller";

  it("is taken on once for all clients, with its external id", async () => {
    const access = { endpoint, credentials, role: { arn, externalId: "shared words" } };
    for (const region of ["eu-west-1", "us-east-1"]) {
      const provider = clientSettings(region, access).credentials;
      assert.ok(typeof provider === "function");
      const { accessKeyId, sessionToken } = await provider();
      assert.deepEqual([accessKeyId, sessionToken], ["ASIATAKENON", "token"]);
    }
    assert.deepEqual(
      forms.map((form) => ["Action", "RoleArn", "ExternalId", "RoleSessionName"].map((name) => form.get(name))),
      [["AssumeRole", arn, "shared words", "async-fleet"]],
    );
  });

  it("that may not be taken on is a problem of the caller's, and asked for again the next time", async () => {
    answer = {
      status: 403,
      body: `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>not authorized to perform: sts:AssumeRole</Message></Error></ErrorResponse>`,
    };
    const provider = clientSettings("eu-west-1", { endpoint, credentials, role: { arn } }).credentials;
    assert.ok(typeof provider === "function");
    for (const time of [1, 2]) {
      await assert.rejects(provider, (cause) => {
        assert.ok(cause instanceof UsageError, String(cause));
        assert.deepEqual([cause.problems[0]?.code, cause.problems[0]?.at], ["ASY-312", `role ${arn}`]);
        return true;
      });
      assert.equal(forms.length, time);
    }
  });
});
