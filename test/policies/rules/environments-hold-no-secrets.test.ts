import { model, modelWithEnvironment } from "../../support/hand-written";
import { judges } from "../../support/rule-rows";
import { unknown } from "../../support/verdict";

judges("environments-hold-no-secrets", [
  ["harmless variables", modelWithEnvironment({ MAX_TOKENS: "512", TOKENIZERS_PARALLELISM: "false" }), "complies"],
  [
    "a secret's name",
    modelWithEnvironment({ HF_TOKEN: "x" }),
    /^primaryContainer\.environment\.HF_TOKEN is named like a secret\.$/,
  ],
  [
    "a secret's name in small letters",
    modelWithEnvironment({ db_password: "x" }),
    /db_password is named like a secret/,
  ],
  [
    "a secret's ARN",
    modelWithEnvironment({ HF_TOKEN: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:t" }),
    "complies",
  ],
  ["a name that is allowed", modelWithEnvironment({ PAD_TOKEN: "[PAD]" }), "complies", { allowed: ["PAD_TOKEN"] }],
  [
    "a key of AWS under a harmless name",
    modelWithEnvironment({ UPSTREAM: `AKIA${"A".repeat(16)}` }),
    /^primaryContainer\.environment\.UPSTREAM holds what looks like a secret\.$/,
  ],
  ["a private key", modelWithEnvironment({ CERT: "-----BEGIN RSA PRIVATE KEY-----" }), /CERT holds what looks like/],
  [
    "a secret beside an unknown value",
    modelWithEnvironment({ A: unknown, API_KEY: "x" }),
    /API_KEY is named like a secret/,
  ],
  [
    "one of several containers",
    model({ containers: [{ image: "m", environment: { MY_SECRET: "x" } }] }),
    /^containers\[0\]\.environment\.MY_SECRET/,
  ],
  ["no environment", model({ primaryContainer: { image: "m" } }), "not applicable"],
  ["an unknown value", modelWithEnvironment({ A: unknown }), "unknown"],
]);
