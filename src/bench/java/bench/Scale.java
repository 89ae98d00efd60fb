package bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the originator takes for many files: processor time per file and memory, which are not to grow with their number.
 * Read from {@code /proc}, so on Linux alone.
 */
final class Scale {
    private static final double TICKS_PER_SECOND = 100;
    private static final Pattern PEAK = Pattern.compile("VmHWM:\\s*(\\d+) kB");

    /** What one run took at last sight. */
    private double seconds;

    private double mebibytes;

    private Scale() {}

    /** Of ten times as many files as few are (five times the trivial suites), and of a hundred times. */
    static List<Row> rows(Options options, Ours ours, Path work) throws IOException, InterruptedException {
        List<Row> rows = new ArrayList<>();
        if (!Files.exists(Path.of("/proc/self/stat"))) {
            return List.of(Row.without("originator", Row.ALONE, Goal.NONE, "not measured: there is no /proc"));
        }
        try {
            Scale start = run(ours, work.resolve("start"), 3);
            int fewFiles = 5 * options.files();
            Scale few = run(ours, work.resolve("few"), fewFiles);
            for (int times : options.quick() ? List.of(10) : List.of(10, 100)) {
                int files = times * fewFiles;
                Scale many = run(ours, work.resolve("many-" + files), files);
                rows.add(new Row(
                        String.format(Locale.ROOT, "originator: processor time per file, %,d files", files),
                        String.format(Locale.ROOT, "the same, %,d files", fewFiles),
                        "ms",
                        Goal.ratio(1.1),
                        List.of(1000 * (many.seconds - start.seconds) / files),
                        List.of(1000 * (few.seconds - start.seconds) / fewFiles),
                        null));
                rows.add(Row.alone(
                        String.format(Locale.ROOT, "originator: most memory, %,d files", files),
                        "MiB",
                        Goal.most(256),
                        List.of(many.mebibytes)));
            }
        } catch (Side.VoidException e) {
            rows.add(Row.without("originator", Row.ALONE, Goal.NONE, "void: " + e.getMessage()));
        }
        return rows;
    }

    private static Scale run(Ours ours, Path project, int files)
            throws IOException, InterruptedException, Side.VoidException {
        Suite suite = Suite.trivial(files);
        suite.write(project, Framework.MINITEST);
        Scale scale = new Scale();
        ours.side(project).run(project, suite.expected(), scale::look);
        return scale;
    }

    private void look(long pid) {
        Path process = Path.of("/proc", String.valueOf(pid));
        try {
            String stat = Files.readString(process.resolve("stat"));
            // After the name, which may hold anything but ends with the last parenthesis: user time is the 12th word.
            String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            Matcher peak = PEAK.matcher(Files.readString(process.resolve("status")));
            if (peak.find()) {
                mebibytes = Double.parseDouble(peak.group(1)) / 1024;
                seconds = (Double.parseDouble(words[11]) + Double.parseDouble(words[12])) / TICKS_PER_SECOND;
            }
        } catch (IOException e) {
            // It has just ended: what was seen last holds.
        }
    }
}
