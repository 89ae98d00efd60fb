package io.jenkins.plugins.distributedtest.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
    @TempDir
    private Path directory;

    private LogFile open(long limit) throws IOException {
        LogFile log = new LogFile(directory.resolve("run.log"), limit);
        log.setFormatter(new SimpleFormatter() {
            @Override
            public String format(LogRecord entry) {
                return entry.getMessage() + "\n";
            }
        });
        return log;
    }

    @Test
    void addsToTheFileThatWasNamed() throws IOException {
        for (String line : new String[] {"one", "two €"}) {
            LogFile log = open(1000);
            log.publish(new LogRecord(Level.INFO, line));
            log.close();
            log.publish(new LogRecord(Level.INFO, "after the end"));
        }
        assertThat(directory.resolve("run.log")).hasContent("one\ntwo €\n");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void keepsTwoFullOnes() throws IOException {
        LogFile log = open(8);
        for (int i = 0; i < 8; i++) {
            log.publish(new LogRecord(Level.INFO, "line" + i));
        }
        log.close();
        assertThat(directory.resolve("run.log")).hasContent("line6\nline7\n");
        assertThat(directory.resolve("run.log.1")).hasContent("line4\nline5\n");
        assertThat(directory.resolve("run.log.2")).hasContent("line2\nline3\n");
        assertThat(directory.resolve("run.log.3")).doesNotExist();
    }
}
