package io.jenkins.plugins.distributedtest.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNameTest {
    @TempDir
    private Path directory;

    @Test
    void aNameThatDoesNotResolveIsTheKernels() throws Exception {
        Path kernel = Files.writeString(directory.resolve("hostname"), "build-7\n");
        assertThat(HostName.of(() -> "known", kernel)).isEqualTo("known");
        assertThat(HostName.of(HostNameTest::unknown, kernel)).isEqualTo("build-7");
        assertThat(HostName.of(HostNameTest::unknown, directory.resolve("none")))
                .isEqualTo("localhost");
    }

    private static String unknown() throws UnknownHostException {
        throw new UnknownHostException("build-7: Name or service not known");
    }
}
