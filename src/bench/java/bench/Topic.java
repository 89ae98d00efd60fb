package bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What is measured besides frameworks. */
enum Topic {
    /** How near a run comes to the least time that its slots allow. */
    BOUND(Bounds::rows),
    /** What a command takes before and after its tests. */
    START(Start::rows),
    /** What a large tree of sources adds. */
    TREE(SourceTrees::rows),
    /** What the originator takes for many files. */
    SCALE(Scale::rows);

    private final Measuring measuring;

    Topic(Measuring measuring) {
        this.measuring = measuring;
    }

    private interface Measuring {
        List<Row> rows(Options options, Ours ours, Path work) throws IOException, InterruptedException;
    }

    /** Its name, for people. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Measures it.
     *
     * @param work an empty directory
     */
    List<Row> rows(Options options, Ours ours, Path work) throws IOException, InterruptedException {
        return measuring.rows(options, ours, work);
    }
}
