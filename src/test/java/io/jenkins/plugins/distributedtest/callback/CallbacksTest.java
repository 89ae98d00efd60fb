package io.jenkins.plugins.distributedtest.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jenkins.plugins.distributedtest.process.ProcessTree;
import io.jenkins.plugins.distributedtest.wire.CallbackSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CallbacksTest {
    @TempDir
    Path tree;

    private Callbacks command(Duration timeout, String... command) {
        CallbackSpec spec = new CallbackSpec(null, Map.of(Callbacks.AFTER_SYNC, List.of(command)));
        return new Callbacks(spec, tree, Map.of("SETTING", "value"), null, timeout);
    }

    private Callbacks ruby(String methods) throws Exception {
        Assumptions.assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/ruby")), "Ruby is not installed (Debian package ruby)");
        Files.writeString(
                tree.resolve("callbacks.rb"),
                "require 'gorgon'\nclass Mine < Gorgon::DefaultCallbacks\n" + methods
                        + "\nend\nGorgon.callbacks = Mine.new\n");
        return new Callbacks(new CallbackSpec("callbacks.rb", Map.of()), tree, Map.of(), null, Duration.ofSeconds(60));
    }

    @Test
    void aCommandRunsInTheTreeWithTheJobsEnvironment() throws Exception {
        command(Duration.ofSeconds(60), "sh", "-c", "pwd > where; echo $SETTING > setting")
                .run(Callbacks.AFTER_SYNC);
        assertThat(tree.resolve("where")).hasContent(tree.toRealPath().toString());
        assertThat(tree.resolve("setting")).hasContent("value");
    }

    @Test
    void whatTheProjectDoesNotHaveDoesNothing() throws Exception {
        assertThat(command(Duration.ofSeconds(60), "false").run(Callbacks.BEFORE_START))
                .isNull();
    }

    @Test
    void aFailureTellsHowItEndedAndWhatItPrinted() {
        assertThatThrownBy(() -> command(Duration.ofSeconds(60), "sh", "-c", "echo why; exit 4")
                        .run(Callbacks.AFTER_SYNC))
                .isInstanceOfSatisfying(CallbackException.class, e -> {
                    assertThat(e).hasMessage("The callback after_sync failed: exit code 4");
                    assertThat(e.output()).contains("why");
                    assertThat(e.callback()).isEqualTo("after_sync");
                });
    }

    @Test
    void aMissingProgramIsNamed() {
        assertThatThrownBy(() ->
                        command(Duration.ofSeconds(60), "/no/such/program").run(Callbacks.AFTER_SYNC))
                .isInstanceOf(CallbackException.class)
                .hasMessageContaining("/no/such/program");
    }

    @Test
    void oneThatRunsTooLongIsKilledWithAllItStarted() throws Exception {
        Path pid = tree.resolve("pid");
        assertThatThrownBy(() -> command(
                                Duration.ofSeconds(2), "sh", "-c", "(setsid sleep 600 & echo $! > pid); sleep 600")
                        .run(Callbacks.AFTER_SYNC))
                .isInstanceOf(CallbackException.class)
                .hasMessageContaining("ran longer than 2 s");
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .ifPresent(each -> assertThat(ProcessTree.runs(each)).isFalse());
    }

    /** W13. */
    @Test
    void w13MuchOutputIsDrainedAndCut() {
        assertThatThrownBy(() -> command(
                                Duration.ofSeconds(60),
                                "sh",
                                "-c",
                                "head -c 5000000 /dev/zero | tr '\\0' x; echo the end; exit 1")
                        .run(Callbacks.AFTER_SYNC))
                .isInstanceOfSatisfying(
                        CallbackException.class,
                        e -> assertThat(e.output()).contains("the end").hasSizeLessThan(1_000_000));
    }

    @Test
    void aMethodOfTheRubyFileRunsAsItIs() throws Exception {
        ruby("def after_sync; File.write('proof', Dir.pwd); end").run(Callbacks.AFTER_SYNC);
        assertThat(tree.resolve("proof")).hasContent(tree.toRealPath().toString());
    }

    @Test
    void beforeOriginateMayReturnACluster() throws Exception {
        Callbacks callbacks = ruby("def before_originate; puts 'noise'; 'cluster-7'; end");
        assertThat(callbacks.run(Callbacks.BEFORE_ORIGINATE)).isEqualTo("cluster-7");
        assertThat(callbacks.run(Callbacks.AFTER_JOB_FINISHES)).isNull();
    }

    @Test
    void aRubyMethodThatRaisesIsShownWithItsBacktrace() throws Exception {
        Callbacks callbacks = ruby("def after_sync; raise 'BOOM'; end");
        assertThatThrownBy(() -> callbacks.run(Callbacks.AFTER_SYNC))
                .isInstanceOfSatisfying(
                        CallbackException.class,
                        e -> assertThat(e.output()).contains("BOOM").contains("callbacks.rb"));
        assertThat(callbacks.commandsOnly().run(Callbacks.AFTER_SYNC)).isNull();
    }

    @Test
    void aRubyFileOutsideTheTreeIsRefused() throws Exception {
        Path outside = Files.createTempFile("outside", ".rb");
        Files.createSymbolicLink(tree.resolve("link.rb"), outside);
        for (String path : List.of(outside.toString(), "../" + outside.getFileName(), "link.rb", "missing.rb", "")) {
            Callbacks callbacks =
                    new Callbacks(new CallbackSpec(path, Map.of()), tree, Map.of(), null, Duration.ofSeconds(60));
            assertThatThrownBy(() -> callbacks.run(Callbacks.AFTER_SYNC))
                    .as(path)
                    .isInstanceOf(CallbackException.class)
                    .hasMessageContaining("callbacks_class_file");
        }
        Files.delete(outside);
    }
}
