package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.runner.Runners;
import java.nio.file.Files;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Projects of Go on the command line: {@code init}, {@code run}, and {@code compare} with {@code go test ./...}. */
class GoCompareTest extends CompareFixture {
    @BeforeEach
    void goIsHere() {
        assumeTrue(Runners.available().contains("go"), "go is not on this host");
    }

    private void module() throws Exception {
        write("go.mod", "module example.com/m\n\ngo 1.19\n");
        write("m.go", "package m\n\nfunc One() int { return 1 }\n");
        write("a_test.go", "package m\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) {}\n");
        write(
                "b_test.go",
                "package m_test\n\nimport (\n\t\"example.com/m\"\n\t\"testing\"\n)\n\n"
                        + "func TestB(t *testing.T) { m.One(); t.Run(\"in\", func(t *testing.T) { t.Skip(\"no\") }) }\n");
        write("cmd/main.go", "package main\n\nfunc main() {}\n");
    }

    @Test
    void initNamesNoFilesAndTheRunHasThoseOfGo() throws Exception {
        module();
        assertThat(execute("init", "-C", project.toString())).as(said::toString).isEqualTo(ExitCode.OK);
        assertThat(said.toString())
                .contains("Found: go (2 files)", "It works: go: a_test.go, 3 tests", "go itself says which packages");
        assertThat(Files.readString(project.resolve("distributed-test.json"))).doesNotContain("\"files\": [");
        String work = "work_directory=" + directory.resolve("work");
        assertThat(execute("run", "-C", project.toString(), "--local", "--set", work))
                .as(said::toString)
                .isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("1 without tests");
        // Any file of a package stands for it.
        assertThat(execute("run", "-C", project.toString(), "--local", "--set", work, "b_test.go", "m.go"))
                .as(said::toString)
                .isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("1 file").contains("a_test.go").doesNotContain("b_test.go");
    }

    @Test
    void filesAreNamedBesideAnotherFramework() throws Exception {
        module();
        write("package.json", "{\"scripts\": {\"test\": \"node --test\"}}");
        write("web/a.test.mjs", "import test from 'node:test'; test('a', () => {});");
        assertThat(execute("init", "-C", project.toString(), "--untried"))
                .as(said::toString)
                .isEqualTo(ExitCode.OK);
        assertThat(Files.readString(project.resolve("distributed-test.json")))
                .contains("\"*_test.go\"", "web/**/*.test.mjs");
    }

    @Test
    void goIsEqual() throws Exception {
        module();
        write("p/p_test.go", """
                package p

                import (
                	"fmt"
                	"os"
                	"testing"
                )

                func TestPasses(t *testing.T) {}
                func TestFails(t *testing.T)  { t.Run("one two", func(t *testing.T) { t.Fatal("x") }) }
                func TestSkips(t *testing.T)  { t.Skip("not here") }
                func ExampleA() {
                	fmt.Println(1)
                	// Output: 1
                }
                func TestExits(t *testing.T) { os.Exit(2) }
                """);
        write(
                "vet/vet_test.go",
                "package vet\n\nimport (\n\t\"fmt\"\n\t\"testing\"\n)\n\n"
                        + "func TestA(t *testing.T) { fmt.Printf(\"%d\\n\", \"x\") }\n");
        write("broken/b.go", "package broken\n\nfunc One() int { return undefined }\n");
        write(
                "user/u_test.go",
                "package user\n\nimport (\n\t\"example.com/m/broken\"\n\t\"testing\"\n)\n\n"
                        + "func TestA(t *testing.T) { broken.One() }\n");
        write(
                "start/s_test.go",
                "package start\n\nimport \"testing\"\n\nfunc init() { panic(1) }\n" + "func TestA(t *testing.T) {}\n");
        assertThat(compare("--slots", "2")).as(said.toString()).isEqualTo(ExitCode.OK);
        assertThat(json.path("runners").path(0).path("runner").asText()).isEqualTo("go");
        assertThat(json.path("equal").asBoolean()).as(said::toString).isTrue();
        // Three tests fail, and four packages outside of their tests.
        assertThat(json.path("runners").path(0).path("own").path("failed").asInt())
                .isEqualTo(7);
        assertThat(json.path("runners").path(0).path("ours").path("failed").asInt())
                .isEqualTo(7);
    }

    @Test
    void eachModuleOfAWorkspaceIsEqual() throws Exception {
        write("go.work", "go 1.19\n\nuse (\n\t./a\n\t./b\n)\n");
        write("a/go.mod", "module example.com/a\n\ngo 1.19\n");
        write("a/a.go", "package a\n\nconst One = 1\n");
        write("b/go.mod", "module example.com/b\n\ngo 1.19\n");
        write(
                "b/b_test.go",
                "package b\n\nimport (\n\t\"example.com/a\"\n\t\"testing\"\n)\n\n"
                        + "func TestB(t *testing.T) { if a.One != 1 { t.Fail() } }\n");
        assertThat(compare("--slots", "2")).as(said.toString()).isEqualTo(ExitCode.OK);
        isEqual(1, 0, 0);
    }

    /** As in packages that decide on their exit code by themselves: go test asks for nothing else. */
    @Test
    void failedTestsThatTestMainPassesOverFailNoRun() throws Exception {
        module();
        String test = "package a\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\n"
                + "func TestMain(m *testing.M) { %s }\n\nfunc TestBad(t *testing.T) { t.Error(\"wrong\") }\n";
        write("a/a_test.go", test.formatted("m.Run(); os.Exit(0)"));

        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(2, 1, 1);
        assertThat(json.path("commands").path(0).path("exit_code").asInt()).isZero();
        assertThat(json.path("verdict").isNull()).isTrue();
        assertThat(execute(
                        "run",
                        "-C",
                        project.toString(),
                        "--local",
                        "--set",
                        "work_directory=" + directory.resolve("w")))
                .as(said::toString)
                .isEqualTo(ExitCode.OK);
        assertThat(said.toString()).contains("TestMain does not hand on what m.Run() returns");

        write("a/a_test.go", test.formatted("os.Exit(m.Run())"));
        assertThat(compare()).as(said::toString).isEqualTo(ExitCode.OK);
        isEqual(2, 1, 1);
        assertThat(json.path("commands").path(0).path("exit_code").asInt()).isNotZero();
    }
}
