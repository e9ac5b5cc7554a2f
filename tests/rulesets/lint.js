// Runs Spectral over documents with rulesets: [[ruleset, [document, ...]], ...] on standard input; prints for each
// ruleset what it says, as [document, rule, severity, path, file].
const fs = require("fs");
const path = require("path");
const { Spectral, Document } = require("@stoplight/spectral-core");
const Parsers = require("@stoplight/spectral-parsers");
const { bundleAndLoadRuleset } = require("@stoplight/spectral-ruleset-bundler/with-loader");
const { fetch } = require("@stoplight/spectral-runtime");

async function main() {
  const told = [];
  for (const [file, documents] of JSON.parse(fs.readFileSync(0, "utf8"))) {
    const ruleset = await bundleAndLoadRuleset(path.resolve(file), { fs, fetch });
    const found = [];
    for (const name of documents) {
      const spectral = new Spectral();
      spectral.setRuleset(ruleset);
      const text = fs.readFileSync(name, "utf8");
      const results = await spectral.run(new Document(text, Parsers.Yaml, path.resolve(name)));
      for (const each of results) {
        found.push([name, each.code, each.severity, each.path.map(String), path.relative(".", each.source)]);
      }
    }
    told.push(found);
  }
  console.log(JSON.stringify(told));
}

main();
