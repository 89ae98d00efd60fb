package io.jenkins.plugins.distributedtest.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.jenkins.plugins.distributedtest.suite.FileResult;
import io.jenkins.plugins.distributedtest.suite.FileStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A preloader that dies in the very moment in which it is to fork a worker. */
class PreloaderDeathTest {
    /** Dies in its fork if a condition holds; the file named "died" tells of it. */
    private static final String RUBY = """
            module DiesInFork
              def _fork
                File.write('died', 'x', mode: 'a')
                Process.kill(:KILL, Process.pid) if %s
                super
              end
            end
            Process.singleton_class.prepend(DiesInFork)
            """;

    private static final String PYTHON = """
            import os
            def dies():
                with open('died', 'a') as file: file.write('x')
                if %s: os.kill(os.getpid(), 9)
            os.register_at_fork(before=dies)
            """;

    @TempDir
    Path directory;

    private ScriptJob job(Framework framework, String ruby, String python) throws Exception {
        framework.required();
        assumeTrue(!framework.ruby || knowsFork(), "this Ruby shows no forks (Process._fork came with 3.1)");
        String preload = framework.code("dies.rb", "dies.py");
        ScriptJob job = new ScriptJob(
                directory, ScriptJob.settings(Map.of(), Map.of(), Map.of(framework.runner, List.of(preload))));
        job.write(preload, String.format(framework.code(RUBY, PYTHON), framework.code(ruby, python)));
        job.write(framework.path("a"), framework.file("A", framework.code("nil", "pass")));
        return job;
    }

    private static boolean knowsFork() throws Exception {
        return new ProcessBuilder("ruby", "-e", "exit Process.respond_to?(:_fork)")
                        .start()
                        .waitFor()
                == 0;
    }

    @ParameterizedTest
    @EnumSource(names = {"TEST_UNIT", "UNITTEST"})
    void isReplacedOnce(Framework framework) throws Exception {
        try (ScriptJob job = job(framework, "File.size('died') == 1", "os.path.getsize('died') == 1")) {
            FileResult result = job.run(framework.path("a"));

            assertThat(result.status()).as(ScriptJob.all(result)).isEqualTo(FileStatus.PASSED);
            assertThat(Files.size(job.workspace.resolve("died"))).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"TEST_UNIT", "UNITTEST"})
    void isAnErrorThatTellsHowWhenItHappensAgain(Framework framework) throws Exception {
        try (ScriptJob job = job(framework, "true", "True")) {
            assertThatThrownBy(() -> job.run(framework.path("a")))
                    .isInstanceOf(RunnerException.class)
                    .hasMessageContaining(framework.runner + "'s preloader ended when it was to fork")
                    .hasMessageContaining("killed by signal KILL");
            assertThat(Files.size(job.workspace.resolve("died"))).isEqualTo(2);
        }
    }
}
