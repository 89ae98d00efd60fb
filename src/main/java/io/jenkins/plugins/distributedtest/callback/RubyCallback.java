package io.jenkins.plugins.distributedtest.callback;

import io.jenkins.plugins.distributedtest.files.DirectoryTree;
import io.jenkins.plugins.distributedtest.files.PlainFile;
import io.jenkins.plugins.distributedtest.runner.Runners;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call of a method of a project's Ruby callbacks file, in a Ruby process of its own. The scripts that load the file
 * and stand in for the gem {@code gorgon} are the Ruby runner's; they are laid out in a directory that goes with this.
 */
final class RubyCallback implements AutoCloseable {
    private static final String MAIN = "distributed_test_callbacks.rb";
    private static final List<String> SCRIPTS = List.of(MAIN, "gorgon.rb", "stand_ins/open4.rb");
    private static final String RESULT_FILE = "DISTRIBUTED_TEST_RESULT_FILE";
    private static final int MAX_RESULT = 4096;

    private final List<String> ruby;
    private final Path file;
    private final String method;
    private final Path directory;

    /**
     * @param ruby the command that starts Ruby
     * @param file the callbacks file
     * @param method the callback's name
     * @throws IOException if the scripts cannot be laid out
     */
    RubyCallback(List<String> ruby, Path file, String method) throws IOException {
        this.ruby = ruby;
        this.file = file;
        this.method = method;
        directory = Files.createTempDirectory("distributed-test-callback-");
        try {
            for (String script : SCRIPTS) {
                try (InputStream from = Runners.class.getResourceAsStream("ruby/" + script)) {
                    if (from == null) {
                        throw new IOException("The script " + script + " is missing from this installation");
                    }
                    Path target = directory.resolve(script);
                    Files.createDirectories(target.getParent());
                    Files.copy(from, target);
                }
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    List<String> command() {
        List<String> command = new ArrayList<>(ruby);
        command.addAll(List.of(directory.resolve(MAIN).toString(), file.toString(), method));
        return command;
    }

    Map<String, String> environment() {
        return Map.of(RESULT_FILE, directory.resolve("result").toString());
    }

    /**
     * The text that the method returned.
     *
     * @return null if it returned none
     * @throws IOException if it cannot be read or is over 4 KiB
     */
    @Nullable
    String returned() throws IOException {
        Path result = directory.resolve("result");
        try (InputStream in = PlainFile.read(result)) {
            byte[] text = in == null ? null : in.readNBytes(MAX_RESULT + 1);
            if (text != null && text.length > MAX_RESULT) {
                throw new IOException("it returned a text of more than " + MAX_RESULT + " bytes");
            }
            return text == null ? null : new String(text, StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() throws IOException {
        DirectoryTree.delete(directory);
    }
}
