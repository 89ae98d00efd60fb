package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.runner.Runners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code compare} in projects of JavaScript's tools that have no configuration of ours. */
class JavaScriptCompareTest extends CompareFixture {
    private static final Path TOOLS = Path.of("src", "build", "javascript", "node_modules");

    @BeforeEach
    void bringTools() throws IOException {
        boolean here = Runners.available().contains("node") && Files.isDirectory(TOOLS.resolve("vitest"));
        assumeTrue(here, "npm ci --prefix src/build/javascript installs the tools");
        Files.createSymbolicLink(project.resolve("node_modules"), TOOLS.toAbsolutePath());
    }

    private int compare() throws IOException {
        int exitCode = compare("--slots", "2");
        assertThat(json).as(said.toString()).isNotNull();
        return exitCode;
    }

    private void isEqual(String runner, int passed, int failed, int skipped) {
        isEqual(passed, failed, skipped);
        assertThat(json.path("runners").path(0).path("runner").asText()).isEqualTo(runner);
    }

    private List<String> causes() {
        List<String> causes = new ArrayList<>();
        json.path("differences")
                .forEach(each -> causes.add(
                        each.path("file").asText() + " " + each.path("cause").asText()));
        return causes;
    }

    @Test
    void mochaIsEqual() throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"nyc mocha --recursive 'checks/**/*.js'\"}}");
        write(".mocharc.yml", "require: ./setup.js\nfile: ./checks/first.js\nimport: data:text/javascript,0\n");
        write("setup.js", "exports.mochaHooks = { beforeEach() { this.set = true; } };");
        write("checks/first.js", "it('first', () => {});");
        write("checks/a.js", """
                describe('g', () => {
                  it('passes', function () { if (!this.set) throw new Error('no hook'); });
                  it('fails', () => { throw new Error('x'); });
                  it.skip('left out', () => {});
                  it('to do');
                });
                """);
        write(
                "checks/in/[b].js",
                "describe('h', () => { before(() => { throw new Error('x'); }); it('never', () => {}); });");
        assertThat(compare()).isEqualTo(ExitCode.OK);
        isEqual("mocha", 2, 2, 2);
    }

    /** Node's own choice: helpers in test directories, other packages, names of all kinds; no configuration of ours. */
    @Test
    void nodeIsEqual() throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"MODE=own node --test --test-reporter spec\"}}");
        write("test/helper.js", "exports.mode = process.env.MODE;");
        write("test/a.js", """
                const test = require('node:test');
                test('passes', () => require('assert').equal(require('./helper').mode, 'own'));
                test.skip('left out', () => {});
                """);
        write("packages/p/package.json", "{\"scripts\": {\"test\": \"node --test\"}}");
        write("packages/p/b.test.mjs", """
                import test from 'node:test';
                import { statSync } from 'node:fs';
                test('is in the root', () => statSync('packages'));
                test('fails', () => statSync('none'));
                """);
        write("packages/p/b.spec.mjs", "throw new Error('is no test to node');");
        assertThat(compare()).as(said.toString()).isEqualTo(ExitCode.OK);
        isEqual("node", 3, 1, 1);
    }

    /** Node tells of the place where a test is defined, in no group, and not of the file that was run. */
    @Test
    void testsThatANodeFileImportsAreEqual() throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"node --test\"}}");
        write("test/a.test.js", "require('../lib/shared.js');");
        write("test/b.test.js", "require('node:test')('of b', () => {});");
        write("lib/shared.js", """
                const test = require('node:test');
                test('shared', () => {});
                test('wrong', () => { throw new Error('x'); });
                test.describe('group', () => test('inside', () => {}));
                """);
        assertThat(compare()).as(said.toString()).isEqualTo(ExitCode.OK);
        isEqual("node", 3, 1, 0);
    }

    /** It has options and a configuration of its own for Node's runner. */
    @Test
    void borpIsEqual() throws Exception {
        assumeTrue(Files.isDirectory(TOOLS.resolve("borp")), "npm ci --prefix src/build/javascript installs borp");
        write("package.json", """
                {"type": "module", "scripts": {"test": "npm run lint && npm run unit", "lint": "eslint .",
                  "unit": "borp --expose-gc --timeout 4000"}}
                """);
        write(".borp.yaml", "files: ['checks/**/*.js']\n");
        write("checks/a.js", """
                import test from 'node:test';
                test('passes', () => globalThis.gc());
                test('fails', () => { throw new Error('x'); });
                test.skip('left out', () => {});
                """);
        write(
                "checks/in/hangs.js",
                "import test from 'node:test'; test('hangs', () => new Promise(() => setInterval(() => {}, 99)));");
        write("a.test.js", "throw new Error('is no test by this configuration');");
        assertThat(compare()).as(said.toString()).isEqualTo(ExitCode.OK);
        isEqual("node", 1, 2, 1);
        assertThat(compare("checks/a.js")).as(said.toString()).isEqualTo(ExitCode.OK);
        isEqual("node", 1, 1, 1);
    }

    @Test
    void avaIsEqual() throws Exception {
        write("package.json", "{\"type\": \"module\", \"scripts\": {\"test\": \"xo && c8 ava --serial\"}}");
        write("ava.config.js", "export default { files: ['checks/**'] };");
        write("checks/a.js", """
                import test from 'ava';
                test('passes', t => t.pass());
                test('fails', t => t.is(1, 2));
                test.skip('left out', t => t.pass());
                test.todo('to do');
                test.failing('known', t => t.fail());
                """);
        write(
                "checks/in/[b].js",
                "import test from 'ava'; test.before(() => { throw new Error('x'); }); test('n', () => {});");
        write("checks/snapshot.js", "import test from 'ava'; test('new', t => t.snapshot(1));");
        write("checks/_helper.js", "throw new Error('is no test to AVA');");
        write(
                "checks/late.js",
                "import test from 'ava'; test('late', t => { Promise.reject(new Error('x')); t.pass(); });");
        write("checks/broken.js", "import './not-there.js';");
        assertThat(compare()).as(said.toString()).isEqualTo(ExitCode.OK);
        isEqual("ava", 3, 5, 2);
    }

    @Test
    void playwrightIsEqual() throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"playwright test\"}}");
        write("playwright.config.ts", """
                import { defineConfig } from '@playwright/test';
                export default defineConfig({
                  testDir: 'e2e',
                  retries: 1,
                  projects: [{ name: 'setup', testMatch: 's.setup.ts' }, { name: 'a', dependencies: ['setup'] }, { name: 'b' }],
                });
                """);
        write("e2e/s.setup.ts", "import { test } from '@playwright/test'; test('sets up', () => {});");
        write("e2e/[x].spec.ts", """
                import { test, expect } from '@playwright/test';
                test.describe('g', () => {
                  test(`is in (${process.cwd()})`, () => {});
                  test('fails', () => { expect(1 as number).toBe(2); });
                  test('flaky', ({}, info) => { expect(info.retry).toBe(1); });
                  test.skip('left out', () => {});
                });
                """);
        write("e2e/none.spec.ts", "");
        assertThat(compare()).as(said.toString()).isEqualTo(ExitCode.OK);
        isEqual("playwright", 5, 2, 2);
    }

    @Test
    void vitestIsEqual() throws Exception {
        write("package.json", "{\"type\": \"module\", \"scripts\": {\"test\": \"tsc && vitest\"}}");
        write("vitest.config.js", "export default { test: { globals: true } };");
        write("src/a.test.ts", """
                describe('g', () => {
                  test(`is in (${process.cwd()})`, () => {});
                  test('fails', () => { expect(1 as number).toBe(2); });
                  test.skip('left out', () => {});
                  test.todo('to do');
                });
                """);
        write("src/[b].test.js", "test('late', () => { Promise.reject(new Error('nobody cares')); });");
        write("src/broken.test.js", "import './not-there.js';");
        write("src/snapshot.test.js", "test('new', () => { expect(1).toMatchSnapshot(); });");
        assertThat(compare()).isEqualTo(ExitCode.OK);
        isEqual("vitest", 2, 4, 2);
    }

    /** Jest calls no reporter then; in our run each file is a run of Jest's, and fails so. */
    @Test
    void whatFailsBeforeTheFirstTestIsEqual() throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"jest\"}, \"jest\": {\"globalSetup\": \"./up.js\"}}");
        write("up.js", "module.exports = () => { throw new Error('cannot go up'); };");
        write("a.test.js", "test('passes', () => {});");
        write("b.test.js", "test('passes', () => {});");
        assertThat(compare()).as(said.toString()).isEqualTo(ExitCode.OK);
        isEqual("jest", 0, 2, 0);
        assertThat(said.toString()).contains("It failed (exit code 1) and told of no test", "cannot go up");
    }

    @Test
    void whatFailsBesideTestsIsEqual() throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"playwright test\"}}");
        write("playwright.config.js", "module.exports = { globalTeardown: './down.js' };");
        write("down.js", "module.exports = () => { throw new Error('cannot go down'); };");
        write("a.spec.js", "require('@playwright/test').test('passes', () => {});");
        assertThat(compare()).as(said.toString()).isEqualTo(ExitCode.OK);
        isEqual("playwright", 1, 1, 0);
    }

    /** Its own command fails where the sources are, ours in its copy does not. */
    @Test
    void whatFailsOnOneSideOnlyDiffers() throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"jest\"}, \"jest\": {\"globalSetup\": \"./up.js\"}}");
        write(
                "up.js",
                "module.exports = () => { if (process.cwd() === '" + project.toRealPath()
                        + "') throw new Error('only here'); };");
        write("a.test.js", "test('passes', () => {});");
        assertThat(compare()).as(said.toString()).isEqualTo(ExitCode.DIFFERENT);
        assertThat(said.toString()).contains("its own command failed (exit code 1), our run passed");
    }

    /** Its Vite loads no file from outside of the project. Its command ends with an error when it is told twice to run. */
    @ParameterizedTest
    @ValueSource(strings = {"vitest run", "vitest --run", "vitest --run --globals"})
    void vitest3IsEqual(String script) throws Exception {
        Path tools = Path.of("src", "build", "vitest3", "node_modules");
        assumeTrue(Files.isDirectory(tools), "npm ci --prefix src/build/vitest3 installs it");
        Files.delete(project.resolve("node_modules"));
        Files.createSymbolicLink(project.resolve("node_modules"), tools.toAbsolutePath());
        write("package.json", "{\"type\": \"module\", \"scripts\": {\"test\": \"" + script + "\"}}");
        write("a.test.js", """
                import { test, expect } from 'vitest';
                test('passes', () => {});
                test('fails', () => { expect(1).toBe(2); });
                test.skip('left out', () => {});
                """);
        assertThat(compare()).isEqualTo(ExitCode.OK);
        isEqual("vitest", 1, 1, 1);
    }

    @Test
    void jestIsEqual() throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"jest\"}}");
        write("a.test.js", "describe('g', () => { test('passes', () => {}); test.todo('to do'); });");
        write("b.test.js", "test('fails', () => { throw new Error('x'); });");
        assertThat(compare()).isEqualTo(ExitCode.OK);
        isEqual("jest", 1, 1, 1);
    }

    /** Jest looks into hidden directories, too. */
    @Test
    void hiddenFilesAreEqual() throws Exception {
        write(
                "package.json",
                "{\"scripts\": {\"test\": \"jest\"}, \"jest\": {\"testMatch\": [\"<rootDir>/**/*.js\"]}}");
        write(".a.js", "test('hidden', () => {});");
        write(".in/b.js", "test('in a hidden directory', () => {});");
        write("c.js", "test('not hidden', () => { throw new Error('x'); });");
        assertThat(compare()).as(said.toString()).isEqualTo(ExitCode.OK);
        isEqual("jest", 2, 1, 0);
    }

    /** mocha runs nothing when a file does not load; here each file decides about itself. */
    @Test
    void filesThatMochaLeavesOutForAnotherAreToldSo() throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"mocha\"}}");
        write("test/a.js", "it('passes', () => {});");
        write("test/broken.js", "throw new Error('x');");
        assertThat(compare()).isEqualTo(ExitCode.DIFFERENT);
        assertThat(causes()).contains("test/a.js not_run");
    }

    /** Experiments in other directories, where mocha does not find what its configuration names. */
    @Test
    void aDirectoryInWhichNothingStartsExplainsNothing() throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"mocha --recursive\"}}");
        write(".mocharc.json", "{\"require\": \"./setup.js\"}");
        write("setup.js", "");
        write(
                "test/in/a.js",
                "it('is in no slot', () => { if (process.env.GORGON_WORKER_ID) throw new Error('x'); });");
        assertThat(compare()).as(said.toString()).isEqualTo(ExitCode.DIFFERENT);
        assertThat(said.toString()).contains("differs alone, too, and in each directory");
    }

    @Test
    void whatMochaSharesBetweenFilesIsToldSo() throws Exception {
        write("package.json", "{\"scripts\": {\"test\": \"mocha\"}}");
        write("test/a.js", "beforeEach(() => { globalThis.set = true; }); it('passes', () => {});");
        write("test/b.js", "it('needs it', () => { if (!globalThis.set) throw new Error('alone'); });");
        assertThat(compare()).isEqualTo(ExitCode.DIFFERENT);
        assertThat(causes()).containsExactly("test/b.js shares_state");
    }
}
