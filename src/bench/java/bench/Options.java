package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The options of a measurement.
 *
 * @param program the program that is measured
 * @param quick the first table alone, in a few rounds
 * @param anyway measure though the machine is busy
 * @param rounds how many rounds
 * @param slots how many slots
 * @param files how many files the trivial suites have; other suites grow with it
 * @param frameworks which frameworks
 * @param topics what else
 * @param modules node_modules with Jest; null if there are none
 */
record Options(
        String program,
        boolean quick,
        boolean anyway,
        int rounds,
        int slots,
        int files,
        List<Framework> frameworks,
        List<Topic> topics,
        Path modules) {
    static final String USAGE = "Usage: bin/bench [--quick] [--anyway] [--rounds N] [--slots N] [--files N]"
            + " [--only rspec,minitest,pytest,node,jest,junit,bound,start,tree,scale] [--program PATH]"
            + " [--modules NODE_MODULES]";

    /** What the first table of docs/performance.md is of. */
    private static final List<Framework> FIRST_FRAMEWORKS =
            List.of(Framework.RSPEC, Framework.PYTEST, Framework.NODE, Framework.JUNIT);

    private static final List<Topic> FIRST_TOPICS = List.of(Topic.BOUND, Topic.TREE);

    private static final int FEWEST_ROUNDS = 7;

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException if one is wrong; the message names it
     */
    static Options of(String... arguments) {
        Reader reader = new Reader(arguments);
        if (reader.program == null) {
            throw new IllegalArgumentException("--program is missing");
        }
        int rounds = reader.rounds > 0 ? reader.rounds : reader.quick ? 3 : FEWEST_ROUNDS;
        if (!reader.quick && rounds < FEWEST_ROUNDS) {
            throw new IllegalArgumentException("Fewer than " + FEWEST_ROUNDS + " rounds are for --quick only");
        }
        boolean all = reader.only == null;
        return new Options(
                reader.program,
                reader.quick,
                reader.anyway,
                rounds,
                reader.slots,
                reader.files,
                all ? reader.quick ? FIRST_FRAMEWORKS : List.of(Framework.values()) : reader.frameworks(),
                all ? reader.quick ? FIRST_TOPICS : List.of(Topic.values()) : reader.topics(),
                reader.modules);
    }

    private static final class Reader {
        private String program;
        private boolean quick;
        private boolean anyway;
        private int rounds;
        private int slots = 2;
        private int files = 200;
        private List<String> only;
        private Path modules;

        Reader(String... arguments) {
            for (int i = 0; i < arguments.length; i++) {
                String name = arguments[i];
                switch (name) {
                    case "--quick" -> quick = true;
                    case "--anyway" -> anyway = true;
                    default -> {
                        if (i + 1 == arguments.length) {
                            throw new IllegalArgumentException("Not an option, or its value is missing: " + name);
                        }
                        set(name, arguments[++i]);
                    }
                }
            }
        }

        private void set(String name, String value) {
            switch (name) {
                case "--program" -> program = value;
                case "--rounds" -> rounds = number(name, value);
                case "--slots" -> slots = number(name, value);
                case "--files" -> files = Math.max(3, number(name, value));
                case "--only" -> only = known(value);
                case "--modules" ->
                    modules = Files.isDirectory(Path.of(value)) ? Path.of(value).toAbsolutePath() : null;
                default -> throw new IllegalArgumentException("Not an option: " + name);
            }
        }

        private static int number(String name, String value) {
            if (!value.matches("[1-9][0-9]{0,4}")) {
                throw new IllegalArgumentException(name + " takes a whole number from 1 up, not " + value);
            }
            return Integer.parseInt(value);
        }

        private static List<String> known(String value) {
            List<String> names = List.of(value.toUpperCase(Locale.ROOT).split(","));
            for (String name : names) {
                if (!isOne(Framework.values(), name) && !isOne(Topic.values(), name)) {
                    throw new IllegalArgumentException("--only knows no " + name.toLowerCase(Locale.ROOT));
                }
            }
            return names;
        }

        private static boolean isOne(Enum<?>[] values, String name) {
            return Arrays.stream(values).anyMatch(value -> value.name().equals(name));
        }

        private List<Framework> frameworks() {
            return Arrays.stream(Framework.values())
                    .filter(value -> only.contains(value.name()))
                    .toList();
        }

        private List<Topic> topics() {
            return Arrays.stream(Topic.values())
                    .filter(value -> only.contains(value.name()))
                    .toList();
        }
    }
}
