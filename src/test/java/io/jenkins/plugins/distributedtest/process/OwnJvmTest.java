package io.jenkins.plugins.distributedtest.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnJvmTest {
    private static final String OPTIMIZED = " 4 +sun.security.provider.SHA2::implCompress0 ";

    /** What a JVM of its own does: digests some megabytes. */
    static final class Digests {
        private Digests() {}

        /** Without arguments. */
        public static void main(String[] none) throws NoSuchAlgorithmException {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int i = 0; i < 20_000; i++) {
                digest.update(new byte[1024]);
            }
            System.out.println(digest.digest().length);
        }
    }

    private static String compiledBy(List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-XX:+PrintCompilation", "-cp", Path.of("target/test-classes").toString(), Digests.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void theOptimizingCompilerHasTheDigestOfAListenerAndNothingOfWhatEndsSoon() throws IOException {
        assertThat(compiledBy(OwnJvm.LISTENER)).containsPattern(OPTIMIZED);
        assertThat(compiledBy(OwnJvm.BRIEF))
                .contains("sun.security.provider.SHA2::implCompress0")
                .doesNotContainPattern(OPTIMIZED);
    }

    @Test
    void theLauncherHasTheSameOptions() throws IOException {
        String script = Files.readString(Path.of("bin/distributed-test"));
        assertThat(script).contains(OwnJvm.LISTENER).contains(OwnJvm.BRIEF);
    }
}
