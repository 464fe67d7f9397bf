import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import ts from "typescript";
import { type ImportRule, importRules } from "./import-rules";

const root = resolve(__dirname, "../..");

interface Import {
  readonly file: string;
  readonly target: string;
  readonly typeOnly: boolean;
}

function sourcesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, true);
  const found: Import[] = [];
  const add = (specifier: ts.Expression | undefined, typeOnly: boolean): void => {
    if (specifier !== undefined && ts.isStringLiteral(specifier))
      found.push({ file, target: specifier.text, typeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, node.importClause?.isTypeOnly === true);
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    else if (
      ts.isCallExpression(node) &&
      (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === "require")
    ) {
      add(node.arguments[0], false);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function breaks(rule: ImportRule, { file, target }: Import): boolean {
  if (target.startsWith(".")) {
    const folder = relative(root, resolve(dirname(file), target)).split(sep)[0] ?? "";
    return folder !== rule.folder && !rule.ours.includes(folder) && folder !== "package.json";
  }
  const allowed = rule.packages.some((name) =>
    name.endsWith("*") ? target.startsWith(name.slice(0, -1)) : target === name || target.startsWith(`${name}/`),
  );
  return !allowed;
}

describe("imports", () => {
  for (const rule of importRules) {
    it(`of ${rule.folder} run one way: ${rule.because}`, () => {
      const files = sourcesOf(rule.folder);
      assert.notEqual(files.length, 0, `no sources in ${rule.folder}`);
      const wrong = files
        .flatMap(importsOf)
        .filter((each) => breaks(rule, each))
        .map(({ file, target }) => `${relative(root, file)} imports ${target}`);
      assert.deepEqual(wrong, []);
    });
  }

  it("name every folder of sources in the table", () => {
    const folders = readdirSync(root, { withFileTypes: true })
      .filter(
        (entry) =>
          entry.isDirectory() &&
          !entry.name.startsWith(".") &&
          !["node_modules", "test", "docs", "bin", "coverage"].includes(entry.name),
      )
      .map((entry) => entry.name)
      .filter((folder) => sourcesOf(folder).length > 0);
    assert.deepEqual(folders.sort(), importRules.map(({ folder }) => folder).sort());
  });

  it("form no cycle at run time", () => {
    const graph = new Map<string, string[]>();
    for (const { folder } of importRules) {
      for (const file of sourcesOf(folder)) {
        const targets = importsOf(file)
          .filter(({ target, typeOnly }) => target.startsWith(".") && !typeOnly)
          .map(({ target }) => resolve(dirname(file), target))
          .map((path) => [`${path}.ts`, join(path, "index.ts")].find(existsSync))
          .filter((path) => path !== undefined);
        graph.set(file, targets);
      }
    }
    assert.deepEqual(
      cycles(graph).map((cycle) => cycle.map((file) => relative(root, file))),
      [],
    );
  });
});

function cycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const state = new Map<string, "open" | "done">();
  const path: string[] = [];
  const visit = (file: string): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      found.push([...path.slice(path.indexOf(file)), file]);
      return;
    }
    state.set(file, "open");
    path.push(file);
    for (const target of graph.get(file) ?? []) visit(target);
    path.pop();
    state.set(file, "done");
  };
  for (const file of graph.keys()) visit(file);
  return found;
}
