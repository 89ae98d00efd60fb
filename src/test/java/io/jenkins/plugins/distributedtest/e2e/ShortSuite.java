package io.jenkins.plugins.distributedtest.e2e;

import io.jenkins.plugins.distributedtest.runner.Runners;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A suite of forty short files for node, RSpec (where it is there) and plain commands, each of which tells by a line in
 * the evidence that it ran, and one long file, {@code slow.sh}, that writes its process id first and then waits until
 * somebody has put a file {@code go} into the evidence.
 */
final class ShortSuite {
    /** The long file. */
    static final String SLOW = "cmd/slow.sh";

    private ShortSuite() {}

    /** Writes it and gives its files' paths. */
    static Set<String> write(World world) throws IOException {
        boolean ruby = Runners.available().contains("rspec");
        Set<String> files = new TreeSet<>();
        for (int i = 0; i < 39; i++) {
            String name = "";
            switch (i % 3) {
                case 0 ->
                    world.write(
                            name = "js/t" + i + ".test.mjs",
                            String.format(
                                    "import { test } from 'node:test';\nimport { appendFileSync } from 'node:fs';\n"
                                            + "test('ok', async () => { appendFileSync(`${process.env.EVIDENCE}/ran`, 't%d\\n');"
                                            + " await new Promise((r) => setTimeout(r, 60)); });\n",
                                    i));
                case 1 -> world.write(name = "cmd/t" + i + ".sh", "echo t" + i + " >> \"$EVIDENCE/ran\"\nsleep 0.1\n");
                default -> {
                    if (ruby) {
                        world.write(
                                name = "spec/t" + i + "_spec.rb",
                                String.format(
                                        Locale.ROOT,
                                        "RSpec.describe('T%d') { it('ok') {"
                                                + " File.write(\"#{ENV['EVIDENCE']}/ran\", \"t%d\\n\", mode: 'a'); sleep 0.1 } }\n",
                                        i,
                                        i));
                    } else {
                        world.write(name = "cmd/s" + i + ".sh", "echo t" + i + " >> \"$EVIDENCE/ran\"\nsleep 0.1\n");
                    }
                }
            }
            files.add(name);
        }
        files.add(SLOW);
        world.write(
                SLOW,
                "echo $$ >> \"$EVIDENCE/slow\"\necho \"$E2E_LISTENER\" >> \"$EVIDENCE/slow-listener\"\n"
                        + "echo last words\nwhile [ ! -e \"$EVIDENCE/go\" ]; do sleep 0.1; done\n");
        world.write("distributed-test.json", """
                {"files": ["cmd/slow.sh", "js/*.test.mjs", "cmd/*.sh", "spec/*_spec.rb"],
                 "runners": {"files": {"cmd/**": "command"}, "command": ["sh", "{file}"]}}
                """);
        return files;
    }

    /** Lets the long file end. */
    static void release(World world) throws IOException {
        java.nio.file.Files.writeString(world.evidence().resolve("go"), "");
    }

    /** Waits until the long file has been begun so many times, and gives the process ids. */
    static List<Long> awaitSlow(World world, int times) {
        Program.await(() -> "the long file has begun " + times + " times")
                .until(() -> world.told("slow").size() >= times
                        && world.told("slow-listener").size() >= times);
        try {
            return world.told("slow").stream().map(Long::valueOf).toList();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
