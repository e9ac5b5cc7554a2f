// Says for each line of the input what Spectral makes of it: a path over a document, or a function over a value.
const { createRequire } = require("module");
const { readFileSync } = require("fs");
const installed = createRequire(process.argv[2] + "/judge.js");
const legacy = installed("nimma/legacy");
const Nimma = legacy.default || legacy;
const { jsonPathPlus } = installed("nimma/fallbacks");
const functions = installed("@stoplight/spectral-functions");

const chosen = ({ path, document }) => {
  const found = [];
  // With a path that looks everywhere beside it, as in each real ruleset: alone, some paths are cut short.
  const callbacks = { [path]: (scope) => void found.push(scope.path.map(String)), "$..nowhere": () => {} };
  const options = { fallback: jsonPathPlus, unsafe: false, output: "auto", customShorthands: {} };
  new Nimma(Object.keys(callbacks), options).query(document, callbacks);
  return found;
};

const documentInventory = { findAssociatedItemForPath: () => null, graph: null };
const objected = ({ name, target, options }) => {
  const path = ["p", "q"];
  const document = { source: null, formats: null };
  const results = functions[name](target, options, { path, documentInventory, document, rule: { resolved: true } });
  return (results || []).map((result) => [(result.path || path).map(String), result.message]);
};

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const asked = JSON.parse(line);
  try {
    console.log(JSON.stringify({ found: asked.path ? chosen(asked) : objected(asked) }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.message) }));
  }
}
