package bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
 * @param files how many files the trivial suite has
 * @param frameworks which frameworks
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
        Path modules) {
    static final String USAGE = "Usage: bin/bench [--quick] [--anyway] [--rounds N] [--slots N] [--files N]"
            + " [--only rspec,minitest,pytest,node,jest,junit] [--program PATH] [--modules NODE_MODULES]";

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
        return new Options(
                reader.program,
                reader.quick,
                reader.anyway,
                rounds,
                reader.slots,
                reader.files,
                reader.frameworks,
                reader.modules);
    }

    private static final class Reader {
        private String program;
        private boolean quick;
        private boolean anyway;
        private int rounds;
        private int slots = 2;
        private int files = 200;
        private List<Framework> frameworks = List.of(Framework.values());
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
                case "--only" -> frameworks = frameworks(value);
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

        private static List<Framework> frameworks(String value) {
            List<Framework> all = new ArrayList<>();
            for (String name : value.split(",")) {
                try {
                    all.add(Framework.valueOf(name.toUpperCase(Locale.ROOT)));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("--only knows no " + name, e);
                }
            }
            return all;
        }
    }
}
