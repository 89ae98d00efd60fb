package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.process.ProcessSpec;
import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.suite.RunnerSettings;
import io.jenkins.plugins.distributedtest.suite.TestFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** When a listener is killed, its runners see their connection end and go, also in the middle of a hung test. */
class ListenerDeathTest {
    private static final String NODE = """
            const { spawn } = require('node:child_process');
            const { test } = require('node:test');
            test('hangs', () => {
              const child = spawn('sleep', ['600'], { detached: true });
              require('node:fs').writeFileSync('pids', process.pid + ' ' + child.pid + ' .');
              while (true) {}
            });
            """;
    private static final String JUNIT = """
            public class HangTest {
                @org.junit.jupiter.api.Test void hangs() throws Exception {
                    Process child = new ProcessBuilder("setsid", "sleep", "600").start();
                    String pids = ProcessHandle.current().pid() + " " + child.pid() + " .";
                    java.nio.file.Files.writeString(java.nio.file.Path.of("pids"), pids);
                    while (true) {}
                }
            }
            """;

    private static final String RUBY = """
            child = spawn('sleep', '600', pgroup: true)
            File.write('pids', "#{Process.pid} #{child} .")
            loop {}""";
    private static final String PYTHON = """
            import os, subprocess
            child = subprocess.Popen(['sleep', '600'], start_new_session=True)
            with open('pids', 'w') as file: file.write('%d %d .' % (os.getpid(), child.pid))
            while True: pass""";

    @TempDir
    Path directory;

    /** The listener that is killed: runs one file in the directory that is its argument. */
    public static void main(String[] args) throws Exception {
        try (Job job = new Job(Path.of(args[0]), Framework.SETTINGS)) {
            job.runners.worker(1).run(new TestFile(args[1]), Job.LONG);
        }
    }

    @ParameterizedTest
    @CsvSource({"node, hang.test.cjs", "junit, HangTest.java"})
    void runnersEndWithTheirListener(String runner, String file) throws Exception {
        assumeTrue(Runners.available().contains(runner), runner + " is not on this host");
        Path source = write(file, runner.equals("node") ? NODE : JUNIT);
        if (runner.equals("junit")) {
            compile(source, directory.resolve("workspace/target/test-classes"));
        }
        assertAllEndWithTheListener(file);
    }

    @ParameterizedTest
    @EnumSource
    void forkedWorkersAndTheirPreloaderEndWithTheirListener(Framework framework) throws Exception {
        String file = framework.required().path("hang");
        write(file, framework.file("Hang", framework.code(RUBY, PYTHON)));
        assertAllEndWithTheListener(file);
    }

    private Path write(String file, String text) throws Exception {
        Path source = directory.resolve("workspace").resolve(file);
        Files.createDirectories(source.getParent());
        return Files.writeString(source, text);
    }

    /** The test, its child, and what stands between listener and test, such as a preloader. */
    private void assertAllEndWithTheListener(String file) throws Exception {
        assumeTrue(Files.isDirectory(Path.of("/proc")), "there is no /proc here");
        Process listener = ProcessSpec.of(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ListenerDeathTest.class.getName(),
                        directory.toString(),
                        file))
                .outputFile(directory.resolve("listener.log"))
                .start();
        try {
            Path pids = directory.resolve("workspace/pids");
            await().atMost(Job.LONG)
                    .until(() -> Files.exists(pids) && Files.readString(pids).endsWith("."));
            List<ProcessHandle> told = Stream.of(
                            Files.readString(pids).replace(" .", "").split(" "))
                    .map(pid -> ProcessHandle.of(Long.parseLong(pid)).orElseThrow())
                    .toList();
            assertThat(told).hasSize(2).allMatch(ProcessTree::runs);
            Set<ProcessHandle> handles = new HashSet<>(told);
            listener.descendants().forEach(handles::add);
            listener.destroyForcibly().waitFor();
            await().atMost(Job.LONG).until(() -> handles.stream().noneMatch(ProcessTree::runs));
        } finally {
            ProcessTree.kill(listener, null);
        }
    }

    private static void compile(Path source, Path classes) throws Exception {
        Files.createDirectories(classes);
        String path = String.join(
                System.getProperty("path.separator"),
                Bundled.jars("junit").stream().map(Path::toString).toList());
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), "-cp", path, source.toString()))
                .isZero();
    }

    @Test
    void closedRunnersLeaveNoProcess() throws Exception {
        assumeTrue(Runners.available().contains("node"), "node is not on this host");
        Job job = new Job(directory, RunnerSettings.DEFAULT);
        job.write(
                "a.test.mjs",
                "import { spawn } from 'node:child_process'; console.log('pid ' + process.ppid);"
                        + "const left = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }); left.unref();"
                        + "console.log('pid ' + left.pid);");
        List<ProcessHandle> handles = job.run("a.test.mjs")
                .output()
                .lines()
                .filter(l -> l.startsWith("pid "))
                .map(l -> ProcessHandle.of(Long.parseLong(l.substring(4))).orElseThrow())
                .toList();
        assertThat(handles).hasSize(2).allMatch(ProcessTree::runs);
        job.close();
        assertThat(handles).noneMatch(ProcessTree::runs);
    }
}
