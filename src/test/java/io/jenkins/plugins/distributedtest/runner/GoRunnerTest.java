package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.jenkins.plugins.distributedtest.files.Json;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.suite.CaseStatus;
import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.SuiteException;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import io.jenkins.plugins.distributedtest.suite.TestSuite;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The go runner with the real go, compared with {@code go test} on the same tree. */
class GoRunnerTest {
    private static final String MODULE = "module example.com/m\n\ngo 1.19\n";
    private static final String PASSING = "package p\n\nimport \"testing\"\n\nfunc TestAdds(t *testing.T) {}\n";

    @TempDir
    Path directory;

    private Job job;

    @BeforeEach
    void openModule() throws Exception {
        assumeTrue(Runners.available().contains("go"), "go is not on this host");
        open(Map.of(), Map.of());
    }

    @AfterEach
    void closeModule() {
        if (job != null) {
            job.close();
        }
    }

    private void open(Map<String, String> environment, Map<String, List<String>> args) throws Exception {
        closeModule();
        job = new Job(directory, new RunnerSettings(null, null, args, null, null, null, null), environment, 2);
        job.write("go.mod", MODULE);
    }

    private FileResult run(String file, String text) throws Exception {
        job.write(file, text);
        return job.run(file);
    }

    private void nextPackageStillRuns() throws Exception {
        FileResult result = run("next/next_test.go", PASSING);
        assertThat(result.status()).as(result.message() + result.output()).isEqualTo(FileStatus.PASSED);
        assertThat(Job.told(result)).containsExactly("example.com/m/next | TestAdds | PASSED");
    }

    private OwnProcess own(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("go", "test", "-json", "-count=1"));
        command.addAll(List.of(arguments));
        return OwnProcess.run(job.workspace, Map.of(), command);
    }

    /** What the events of go's own command say of tests; one that begins and does not end is told as failed. */
    private static List<String> told(OwnProcess own) throws Exception {
        List<String> told = new ArrayList<>();
        Set<String> begun = new LinkedHashSet<>();
        for (String line :
                own.said().lines().filter(each -> each.startsWith("{")).toList()) {
            JsonNode event = Json.PLAIN.readTree(line);
            String test =
                    event.path("Package").asText() + " | " + event.path("Test").asText();
            String action = event.path("Action").asText();
            if (!event.has("Test")) {
                continue;
            }
            if (action.equals("run")) {
                begun.add(test);
            } else if (List.of("pass", "fail", "skip").contains(action)) {
                begun.remove(test);
                told.add(test + " | "
                        + Map.of("pass", "PASSED", "fail", "FAILED", "skip", "SKIPPED")
                                .get(action));
            }
        }
        begun.forEach(each -> told.add(each + " | FAILED"));
        return told;
    }

    private static List<String> ours(FileResult result) {
        List<String> told = new ArrayList<>();
        result.cases()
                .forEach(each -> told.add(each.className() + " | " + each.name() + " | "
                        + (each.status() == CaseStatus.ERROR ? CaseStatus.FAILED : each.status())));
        return told;
    }

    /** Packages of many kinds, by what stands in a test file of theirs. */
    enum Kind {
        PLAIN("func TestA(t *testing.T) {}\nfunc TestB(t *testing.T) { t.Error(\"wrong\") }"),
        SUBTESTS("func TestA(t *testing.T) { for _, n := range []string{\"one two\", \"x/y\", \"x/y\"} {"
                + " t.Run(n, func(t *testing.T) { if n == \"x/y\" { t.Fatal(n) } }) } }"),
        SKIPPED("func TestA(t *testing.T) { t.Skip(\"not here\") }\nfunc TestB(t *testing.T) { t.SkipNow() }"),
        PARALLEL(
                "func TestA(t *testing.T) { t.Parallel(); t.Run(\"b\", func(t *testing.T) { t.Parallel(); t.Log(1) }) }\n"
                        + "func TestC(t *testing.T) { t.Parallel(); t.Fail() }"),
        PANIC("func TestA(t *testing.T) {}\nfunc TestB(t *testing.T) { panic(\"boom\") }\nfunc TestC(t *testing.T) {}"),
        PANIC_IN_PARALLEL("func TestA(t *testing.T) { t.Parallel(); var m map[string]int; m[\"a\"] = 1 }\n"
                + "func TestB(t *testing.T) { t.Parallel(); time.Sleep(time.Second) }"),
        PANIC_ELSEWHERE("func TestA(t *testing.T) { go panic(\"elsewhere\"); time.Sleep(time.Hour) }"),
        EXITS("func TestA(t *testing.T) {}\nfunc TestB(t *testing.T) { os.Exit(3) }"),
        EXITS_WELL("func TestA(t *testing.T) {}\nfunc TestB(t *testing.T) { os.Exit(0) }"),
        MAIN("func TestMain(m *testing.M) { fmt.Println(\"before\"); os.Exit(m.Run()) }\nfunc TestA(t *testing.T) {}"),
        MAIN_FAILS("func TestMain(m *testing.M) { m.Run(); os.Exit(4) }\nfunc TestA(t *testing.T) {}"),
        MAIN_PASSES_OVER(
                "func TestMain(m *testing.M) { m.Run(); os.Exit(0) }\nfunc TestA(t *testing.T) { t.Error(\"wrong\") }\n"
                        + "func TestB(t *testing.T) {}"),
        MAIN_RUNS_NOTHING("func TestMain(m *testing.M) {}\nfunc TestA(t *testing.T) { t.Fail() }"),
        INIT("func init() { panic(\"at the start\") }\nfunc TestA(t *testing.T) {}"),
        EXAMPLE("func ExampleA() { fmt.Println(1)\n// Output: 1\n}\nfunc ExampleB() { fmt.Println(2)\n// Output: 1\n}\n"
                + "func ExampleC() { panic(\"is only compiled\") }"),
        BENCHMARK("func BenchmarkA(b *testing.B) { b.Fatal(\"is not run\") }\nfunc TestA(t *testing.T) {}"),
        ONLY_BENCHMARKS("func BenchmarkA(b *testing.B) {}"),
        FUZZ(
                "func FuzzA(f *testing.F) { f.Add(1); f.Add(2); f.Fuzz(func(t *testing.T, n int) { if n > 1 { t.Fail() } }) }"),
        VET("func TestA(t *testing.T) { fmt.Printf(\"%d\\n\", \"text\") }"),
        DOES_NOT_COMPILE("func TestA(t *testing.T) { undefined() }"),
        SYNTAX("func TestA(t *testing.T) {"),
        UNKNOWN_PACKAGE("func TestA(t *testing.T) { _ = missing.A }"),
        NO_TESTS(""),
        PRINTS("func TestA(t *testing.T) { fmt.Print(\"no end\"); fmt.Fprintln(os.Stderr, \"error\") }\n"
                + "func TestB(t *testing.T) { fmt.Println(`{\"Action\":\"fail\",\"Test\":\"TestA\"}`) }"),
        LOOKS_LIKE_A_RESULT("func TestA(t *testing.T) { fmt.Println(\"FAIL\\nok\\nFAIL\\tp\\t0.1s\") }"),
        LOOKS_LIKE_A_FAILED_TEST("func TestA(t *testing.T) { fmt.Println(\"--- FAIL: TestX (0.00s)\") }"),
        CLEANUP("func TestA(t *testing.T) { t.Cleanup(func() { t.Error(\"left\") }) }"),
        NO_TEST_NAME("func Testa(t *testing.T) { t.Fail() }\nfunc TestÄ(t *testing.T) {}"),
        RACE_OF_NAMES(
                "func TestA(t *testing.T) { t.Run(\"\", func(t *testing.T) {}); t.Run(\"\", func(t *testing.T) {}) }"),
        GOEXIT("func TestA(t *testing.T) { runtime.Goexit() }\nfunc TestB(t *testing.T) {}"),
        CGO("// #include <stdlib.h>\nimport \"C\"\nfunc TestA(t *testing.T) { _ = C.abs(-1) }");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        String source() {
            StringBuilder source = new StringBuilder("package p\n\n");
            if (this == CGO) {
                return source + "import \"testing\"\n" + text + "\n";
            }
            for (String each : List.of("fmt", "os", "runtime", "testing", "time")) {
                if (text.contains(each + ".")) {
                    source.append("import \"").append(each).append("\"\n");
                }
            }
            if (this == UNKNOWN_PACKAGE) {
                source.append("import \"example.com/missing\"\n");
            }
            return source + text + "\n";
        }
    }

    @ParameterizedTest
    @EnumSource
    void casesAndVerdictAreThoseOfGo(Kind kind) throws Exception {
        job.write("some/p-1/a.go", "package p\n");
        FileResult result = run("some/p-1/a_test.go", kind.source());
        OwnProcess own = own("./some/p-1");
        String all = result + "\n" + own.said();
        assertThat(result.status() == FileStatus.PASSED).as(all).isEqualTo(own.isWell());
        assertThat(ours(result)).as(all).containsExactlyInAnyOrderElementsOf(told(own));
        assertThat(result.runner()).isEqualTo("go");
        boolean badCase = result.cases().stream().anyMatch(each -> each.status().isBad());
        if (result.status() != FileStatus.PASSED && !badCase) {
            assertThat(result.message()).as(all).contains("go test failed");
        }
    }

    @Test
    void whatFailedIsTold() throws Exception {
        FileResult result = run("p/a_test.go", """
                package p

                import (
                	"fmt"
                	"testing"
                )

                func TestLogs(t *testing.T) {
                	t.Run("inner", func(t *testing.T) {
                		fmt.Println("printed")
                		t.Errorf("got %d", 1)
                	})
                }

                func TestSkips(t *testing.T) { t.Skip("no reason") }
                """);
        assertThat(Job.told(result))
                .containsExactly(
                        "example.com/m/p | TestLogs/inner | FAILED",
                        "example.com/m/p | TestLogs | FAILED",
                        "example.com/m/p | TestSkips | SKIPPED");
        assertThat(result.cases().get(0).failure().message()).contains("a_test.go:11: got 1");
        assertThat(result.cases().get(0).output()).contains("printed").doesNotContain("=== RUN", "--- FAIL");
        assertThat(result.cases().get(1).failure().message()).isEqualTo("One of its subtests failed.");
        assertThat(result.cases().get(2).failure().message()).contains("no reason");
        assertThat(result.output()).contains("=== RUN   TestLogs/inner", "printed", "--- SKIP: TestSkips");
        assertThat(result.message()).isEmpty();
        FileResult broken = run("broken/a_test.go", Kind.DOES_NOT_COMPILE.source());
        assertThat(broken.message()).contains("broken/a_test.go:4", "undefined");
        FileResult vet = run("vet/a_test.go", Kind.VET.source());
        assertThat(vet.message()).contains("Printf format %d has arg", "wrong type string");
        FileResult exits = run("exits/a_test.go", Kind.EXITS.source());
        assertThat(exits.status()).isEqualTo(FileStatus.FAILED);
        assertThat(exits.exitCode()).as(exits.toString()).isEqualTo(3);
        FileResult panics = run("panics/a_test.go", Kind.PANIC.source());
        assertThat(panics.cases().get(1).failure().message()).contains("panic: boom");
    }

    /** A tree with packages of all kinds: one command over all of it, and we one by one. */
    @Test
    void suiteAndVerdictAreThoseOfTheWholeModule() throws Exception {
        job.write("root_test.go", PASSING.replace("package p", "package m"));
        job.write("main.go", "package m\n");
        job.write("cmd/tool/main.go", "package main\n\nfunc main() {}\n");
        job.write("external/e.go", "package external\n\nfunc One() int { return 1 }\n");
        job.write("external/b_test.go", "package external\n\nimport \"testing\"\n\nfunc TestInner(t *testing.T) {}\n");
        job.write("external/a_test.go", """
                package external_test

                import (
                	"example.com/m/external"
                	"testing"
                )

                func TestOuter(t *testing.T) {
                	if external.One() != 2 {
                		t.Fatal("one is not two")
                	}
                }
                """);
        job.write("tagged/a_test.go", "//go:build never\n\n" + PASSING);
        job.write("other/a_windows_test.go", PASSING);
        job.write("other/a.go", "package other\n");
        job.write("testdata/t/a_test.go", PASSING);
        job.write("_hidden/a_test.go", PASSING);
        job.write("vendor/example.com/v/v.go", "package v\n");
        job.write("nested/go.mod", "module example.com/nested\n\ngo 1.19\n");
        job.write("nested/a_test.go", PASSING);
        assertThat(suite())
                .containsExactly("cmd/tool/main.go", "external/a_test.go", "other/a_windows_test.go", "root_test.go");
        List<String> told = new ArrayList<>();
        boolean well = true;
        for (String file : suite()) {
            FileResult result = job.run(file);
            told.addAll(ours(result));
            well &= !result.status().isBad();
        }
        OwnProcess own = own("./...");
        assertThat(told)
                .as(own.said())
                .containsExactlyInAnyOrderElementsOf(told(own))
                .hasSize(3);
        assertThat(well).isEqualTo(own.isWell()).isFalse();

        // A package without tests that does not compile fails go test ./..., so it does here.
        job.write("external/a_test.go", "package external_test\n");
        assertThat(own("./...").isWell()).isTrue();
        FileResult broken = run("cmd/tool/main.go", "package main\n\nfunc main() { undefined() }\n");
        assertThat(own("./...").isWell()).isFalse();
        assertThat(broken.status()).isEqualTo(FileStatus.FAILED);
        assertThat(broken.message()).contains("undefined");

        // What all build constraints leave out is passed over, also where it is named.
        FileResult none = job.run("tagged/a_test.go");
        assertThat(none.status()).as(none.toString()).isEqualTo(FileStatus.PASSED);
        assertThat(none.cases()).isEmpty();
        assertThat(none.message()).contains("Build constraints leave out all files");
    }

    private List<String> suite() throws Exception {
        return suite(RunnerSettings.DEFAULT);
    }

    private List<String> suite(RunnerSettings settings) throws Exception {
        return GoSuite.find(job.workspace, settings, Map.of()).stream()
                .map(TestFile::path)
                .toList();
    }

    @Test
    void modulesOfAWorkspaceAndVendoredPackages() throws Exception {
        Files.delete(job.workspace.resolve("go.mod"));
        job.write("go.work", "go 1.19\n\nuse (\n\t./a\n\t./b\n)\n");
        job.write("a/go.mod", "module example.com/a\n\ngo 1.19\n");
        job.write("a/a.go", "package a\n\nfunc One() int { return 1 }\n");
        job.write("b/go.mod", "module example.com/b\n\ngo 1.19\n");
        job.write("b/in/b_test.go", """
                package in

                import (
                	"example.com/a"
                	"testing"
                )

                func TestB(t *testing.T) {
                	if a.One() != 1 {
                		t.Fail()
                	}
                }
                """);
        job.write("c/go.mod", "module example.com/c\n\ngo 1.19\n\nrequire example.com/v v1.0.0\n");
        job.write("c/vendor/modules.txt", "# example.com/v v1.0.0\n## explicit; go 1.19\nexample.com/v\n");
        job.write("c/vendor/example.com/v/v.go", "package v\n\nconst One = 1\n");
        job.write("c/c_test.go", """
                package c

                import (
                	"example.com/v"
                	"testing"
                )

                func TestC(t *testing.T) { t.Log(v.One) }
                """);
        assertThat(suite()).containsExactly("a/a.go", "b/in/b_test.go");
        List<TestFile> files =
                List.of(new TestFile("a/a.go"), new TestFile("b/in/b_test.go"), new TestFile("c/c_test.go"));
        RunnerSettings settings = SuiteRunners.settle(
                job.workspace, new RunnerSettings(null, null, null, null, null, null, null), List.of(), files);
        assertThat(settings.projects()).extracting("directory").containsExactly("a", "b", "c");
        job.close();
        job = new Job(directory, settings, Map.of("GOFLAGS", "-mod=readonly"), 2);
        assertThat(Job.told(job.run("b/in/b_test.go"))).containsExactly("example.com/b/in | TestB | PASSED");
        assertThat(job.run("a/a.go").status()).isEqualTo(FileStatus.PASSED);
        job.close();
        job = new Job(directory, settings, Map.of("GOWORK", "off"), 2);
        assertThat(Job.told(job.run("c/c_test.go"))).containsExactly("example.com/c | TestC | PASSED");
    }

    @Test
    void flagsOfSettingsAndEnvironmentCount() throws Exception {
        job.write("p/a.go", "package p\n");
        job.write("p/slow_test.go", "//go:build slow\n\n" + PASSING);
        job.write("only/a_test.go", "//go:build slow\n\n" + PASSING);
        String counts =
                "package q\n\nimport (\n\t\"flag\"\n\t\"testing\"\n)\n\nvar mode = flag.String(\"mode\", \"\", \"\")\n\n"
                        + "func TestMode(t *testing.T) { if *mode != \"own\" || !testing.Short() { t.Fatal(*mode) } }\n";
        job.write("q/a_test.go", counts);
        assertThat(job.run("p/slow_test.go").cases()).isEmpty();
        assertThat(suite()).containsExactly("p/slow_test.go", "q/a_test.go");
        Map<String, List<String>> args = Map.of("go", List.of("-tags", "slow", "-short", "-args", "-mode=own"));
        open(Map.of("GOFLAGS", "-count=2"), args);
        RunnerSettings settings = new RunnerSettings(null, null, args, null, null, null, null);
        assertThat(suite(settings)).containsExactly("only/a_test.go", "p/slow_test.go", "q/a_test.go");
        assertThat(Job.told(job.run("q/a_test.go")))
                .containsExactly("example.com/m/q | TestMode | PASSED", "example.com/m/q | TestMode | PASSED");
        open(Map.of("GOFLAGS", "-tags=slow"), Map.of());
        assertThat(Job.told(job.run("p/slow_test.go"))).containsExactly("example.com/m/p | TestAdds | PASSED");
        open(Map.of(), Map.of("go", List.of("-c")));
        FileResult refused = job.run("p/slow_test.go");
        assertThat(refused.status()).isEqualTo(FileStatus.FAILED);
        assertThat(refused.message()).contains("-c", "runs no tests");
    }

    /** What go test has found out before is not told as a result of now. */
    @Test
    void resultsOfEarlierRunsAreNotReplayed() throws Exception {
        String text = "package p\n\nimport (\n\t\"os\"\n\t\"testing\"\n)\n\nfunc TestA(t *testing.T) {\n"
                + "\tf, _ := os.OpenFile(\"" + directory.resolve("runs")
                + "\", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)\n"
                + "\tf.WriteString(\"x\")\n\tf.Close()\n}\n";
        job.write("p/a_test.go", text);
        for (int i = 0; i < 3; i++) {
            assertThat(job.run("p/a_test.go").output()).doesNotContain("(cached)");
        }
        assertThat(directory.resolve("runs")).hasContent("xxx");
    }

    @Test
    void coverageOfPackagesCanBePutTogether() throws Exception {
        job.write("a/a.go", "package a\n\nfunc One(b bool) int {\n\tif b {\n\t\treturn 1\n\t}\n\treturn 2\n}\n");
        job.write("a/a_test.go", "package a\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) { One(true) }\n");
        job.write("a/in/a.go", "package in\n\nfunc Two() int {\n\treturn 2\n}\n");
        job.write("a/in/a_test.go", "package in\n\nimport \"testing\"\n\nfunc TestA(t *testing.T) { Two() }\n");
        assertThat(own("-coverprofile=whole.out", "./...").isWell()).isTrue();
        open(Map.of(), Map.of("go", List.of("-coverprofile", "cover.out")));
        job.run("a/a_test.go");
        job.run("a/in/a_test.go");
        OwnProcess merged = OwnProcess.run(
                job.workspace,
                "sh",
                "-c",
                "{ echo mode: set; grep -hv ^mode: cover-*.out; } > all.out && go tool cover -func=all.out");
        assertThat(merged.said()).contains("total:");
        assertThat(merged.said())
                .isEqualTo(OwnProcess.run(job.workspace, "go", "tool", "cover", "-func=whole.out")
                        .said());
    }

    @Test
    void filesOfOnePackageAreOneOfTheSuite() throws Exception {
        job.write("go.mod", MODULE);
        for (String each :
                List.of("p/b_test.go", "p/a_test.go", "p/p.go", "q/q.go", "r_test.go", "vendor/v/v_test.go")) {
            job.write(each, PASSING);
        }
        List<TestFile> named = new ArrayList<>();
        List.of("p/b_test.go", "q/q.go", "p/p.go", "r_test.go", "vendor/v/v_test.go")
                .forEach(each -> named.add(new TestFile(each)));
        TestSuite suite = GoPackages.of(job.workspace, RunnerSettings.DEFAULT, new TestSuite(named, List.of()));
        assertThat(suite.files()).extracting(TestFile::path).containsExactly("p/a_test.go", "q/q.go", "r_test.go");
        assertThat(suite.warnings()).singleElement().asString().contains("vendor/v/v_test.go", "passes over");
    }

    @Test
    void whatGoCannotListIsRefused() throws Exception {
        job.write("go.mod", "modul example.com/m\n");
        assertThatThrownBy(this::suite)
                .isInstanceOf(SuiteException.class)
                .hasMessageContainingAll("go does not tell which packages", "go.mod:1", "\"files\"");
        RunnerSettings other =
                new RunnerSettings(null, Map.of("go", List.of("no-such-go")), null, null, null, null, null);
        assertThatThrownBy(() -> suite(other))
                .isInstanceOf(SuiteException.class)
                .hasMessageContainingAll("no-such-go", "\"files\"");
        job.close();
        job = new Job(directory, other);
        job.write("p/a_test.go", PASSING);
        assertThatThrownBy(() -> job.run("p/a_test.go"))
                .isInstanceOf(RunnerException.class)
                .hasMessageContainingAll("no-such-go", "interpreters");
        FileResult gone = job.run("gone/a_test.go");
        assertThat(gone.status()).isEqualTo(FileStatus.FAILED);
        assertThat(gone.message()).contains("gone/a_test.go");
    }

    @Test
    void killedProcessIsACrashWithItsSignal() throws Exception {
        FileResult result = run("p/a_test.go", """
                package p

                import (
                	"fmt"
                	"os"
                	"syscall"
                	"testing"
                	"time"
                )

                func TestFirst(t *testing.T) {}

                func TestDies(t *testing.T) {
                	fmt.Println("last words")
                	syscall.Kill(os.Getpid(), syscall.SIGKILL)
                	time.Sleep(time.Hour)
                }
                """);
        assertThat(result.status()).as(result.toString()).isEqualTo(FileStatus.CRASHED);
        assertThat(result.signal()).isEqualTo("KILL");
        assertThat(result.output()).contains("last words");
        assertThat(Job.told(result)).contains("example.com/m/p | TestFirst | PASSED");
        nextPackageStillRuns();
    }

    @Test
    void hangingTestIsStoppedWithAllThatItStarted() throws Exception {
        nextPackageStillRuns();
        job.write("p/a_test.go", """
                package p

                import (
                	"fmt"
                	"os/exec"
                	"syscall"
                	"testing"
                )

                func TestFirst(t *testing.T) {}

                func TestHangs(t *testing.T) {
                	sleep := exec.Command("sleep", "600")
                	sleep.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
                	sleep.Start()
                	fmt.Println("child", sleep.Process.Pid)
                	for {
                	}
                }
                """);
        FileResult result = job.run("p/a_test.go", Duration.ofSeconds(15));
        assertThat(result.status()).isEqualTo(FileStatus.TIMED_OUT);
        assertThat(Job.told(result)).containsExactly("example.com/m/p | TestFirst | PASSED");
        long child = Long.parseLong(result.output().replaceAll("(?s).*child (\\d+).*", "$1"));
        assertThat(ProcessHandle.of(child).filter(ProcessTree::runs)).isEmpty();
        nextPackageStillRuns();
    }

    /** The timeout of go test itself is a failure, and says what ran. */
    @Test
    void timeoutOfGoItselfIsAFailure() throws Exception {
        open(Map.of(), Map.of("go", List.of("-timeout=2s")));
        FileResult result = run(
                "p/a_test.go",
                "package p\n\nimport (\n\t\"testing\"\n\t\"time\"\n)\n\nfunc TestFirst(t *testing.T) {}\n"
                        + "func TestHangs(t *testing.T) { time.Sleep(time.Hour) }\nfunc TestLast(t *testing.T) {}\n");
        assertThat(result.status()).isEqualTo(FileStatus.FAILED);
        assertThat(ours(result))
                .containsExactly("example.com/m/p | TestFirst | PASSED", "example.com/m/p | TestHangs | FAILED");
        assertThat(result.cases().get(1).failure().message()).contains("timed out after 2s");
    }

    @Test
    void noisyOutputOfAnyKindSurvives() throws Exception {
        FileResult result = run("p/a_test.go", """
                package p

                import (
                	"fmt"
                	"os"
                	"strings"
                	"testing"
                )

                func TestLoud(t *testing.T) {
                	fmt.Print(strings.Repeat("x", 2<<20))
                	os.Stderr.Write([]byte{0xff, 0xfe, 0x80})
                	fmt.Println("\\n{\\"Action\\":\\"fail\\",\\"Package\\":\\"example.com/m/p\\"}")
                	for _, each := range os.Environ() {
                		fmt.Println(each)
                	}
                }
                """);
        assertThat(result.status()).as(result.message()).isEqualTo(FileStatus.PASSED);
        assertThat(Job.told(result)).containsExactly("example.com/m/p | TestLoud | PASSED");
        assertThat(result.output())
                .hasSizeLessThan(400_000)
                .contains("bytes left out", "GORGON_WORKER_ID=1", "\ufffd")
                .doesNotContain("DISTRIBUTED_TEST_TOKEN");
    }

    @Test
    void cancelReturnsAtOnceAndForGood() throws Exception {
        job.write(
                "p/a_test.go",
                "package p\n\nimport (\n\t\"fmt\"\n\t\"testing\"\n\t\"time\"\n)\n\nfunc TestA(t *testing.T) {\n"
                        + "\tfmt.Println(\"waiting\")\n\ttime.Sleep(time.Hour)\n}\n");
        CompletableFuture<FileResult> result = CompletableFuture.supplyAsync(() -> {
            try {
                return job.run("p/a_test.go");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        Path log = directory.resolve("logs/go-1/events");
        await().atMost(Job.LONG)
                .until(() -> Files.exists(log) && Files.readString(log).contains("waiting"));
        job.runners.worker(1).cancel();
        assertThat(result.join().status()).isEqualTo(FileStatus.CANCELLED);
        assertThat(job.run("p/a_test.go").status()).isEqualTo(FileStatus.CANCELLED);
    }
}
