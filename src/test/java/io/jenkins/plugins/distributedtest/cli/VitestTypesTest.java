package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Tests of types, which Vitest has checked by the compiler, for all files at once. */
@Timeout(180)
class VitestTypesTest extends CompareFixture {
    private static final Path TOOLS = Path.of("src", "build", "javascript", "node_modules");

    @BeforeEach
    void tests() throws IOException {
        assumeTrue(
                Files.isDirectory(TOOLS.resolve("typescript")),
                "npm ci --prefix src/build/javascript installs the tools");
        Files.createSymbolicLink(project.resolve("node_modules"), TOOLS.toAbsolutePath());
        write("package.json", "{\"type\": \"module\", \"scripts\": {\"test\": \"vitest run\"}}");
        write("vitest.config.js", "export default { test: { typecheck: { enabled: true } } };");
        write("tsconfig.json", """
                {"compilerOptions": {"strict": true, "module": "esnext", "moduleResolution": "bundler", "skipLibCheck": true},
                 "include": ["t", "src"]}
                """);
        write("t/good.test-d.ts", """
                import { describe, expectTypeOf, test } from 'vitest';
                describe('group', () => { test('a number', () => { expectTypeOf(1).toBeNumber(); }); });
                """);
        write("t/plain.test.ts", "import { test } from 'vitest';\ntest('runs', () => {});\n");
    }

    @Test
    void eachFileHasItsOwnErrors() throws Exception {
        write("t/bad.test-d.ts", """
                import { expectTypeOf, test } from 'vitest';
                test('a number', () => { expectTypeOf(1).toBeNumber(); });
                test('no text', () => { expectTypeOf(1).toBeString(); });
                """);
        write("t/whole.test-d.ts", """
                import { test } from 'vitest';
                const text: string = 1;
                test('says nothing of it', () => {});
                """);
        write("t/last.test-d.ts", "import { test } from 'vitest';\ntest('is well', () => {});\n");

        assertThat(compare("--slots", "1")).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(5, 2, 0);
    }

    /** Vitest tells of them behind its tests, which have all passed, and fails. */
    @Test
    void errorsOfOtherSourcesFailTheRunAndNoTest() throws Exception {
        write("src/other.ts", "export const text: string = 1;\n");

        assertThat(compare("--slots", "1")).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(2, 0, 0);
        assertThat(json.path("commands").path(0).path("exit_code").asInt()).isEqualTo(1);
        assertThat(execute("run", "-C", project.toString(), "--local", "1")).isEqualTo(ExitCode.FAILURES);
        assertThat(said.toString()).contains("other.ts").doesNotContain("The exit code 1 was set");
    }
}
