package io.jenkins.plugins.distributedtest.jenkins.job;

import java.util.List;
import java.util.Map;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** A test that failed and passed on the same revision, on the job's page and in {@code api/json}. */
@ExportedBean(defaultVisibility = 2)
public final class FlakyTest {
    private final TestTrack track;
    private final boolean marked;

    /** @param marked whether it was put in quarantine on the page */
    FlakyTest(TestTrack track, boolean marked) {
        this.track = track;
        this.marked = marked;
    }

    /** The title of the runs that it was in; possibly empty. */
    @Exported
    public String getTitle() {
        return track.test().title();
    }

    /** Its file's path. */
    @Exported
    public String getFile() {
        return track.test().file();
    }

    /** Its class or group; empty for a file as a whole. */
    @Exported
    public String getClassName() {
        return track.test().className();
    }

    /** Its name; empty for a file as a whole. */
    @Exported
    public String getName() {
        return track.test().name();
    }

    /** Its name for people. */
    public String getWords() {
        return track.test().words();
    }

    /** Whether it is in quarantine. */
    @Exported
    public boolean isQuarantined() {
        return marked || track.quarantined();
    }

    /** In how many runs it was flaky. */
    @Exported
    public int getFlaky() {
        return track.flaky();
    }

    /** In how many runs it failed, flaky or not. */
    @Exported
    public int getFailed() {
        return track.failedRuns();
    }

    /** In how many runs it was seen since it failed first. */
    @Exported
    public int getRuns() {
        return track.runs();
    }

    /** In how many runs in a row it has passed at once, up to the last one. */
    @Exported
    public int getPassedInRow() {
        return track.passedInRow();
    }

    /** The build in which it was seen to be flaky first. */
    @Exported
    public int getSince() {
        return track.firstFlaky();
    }

    /** The build in which it was seen to be flaky last. */
    @Exported
    public int getLast() {
        return track.lastFlaky();
    }

    /** What its last failure said, cut. */
    @Exported
    public String getMessage() {
        return track.message();
    }

    /** The only host on which it fails, while it passes on others; empty if there is none. */
    @Exported
    public String getLoneHost() {
        return track.loneHost();
    }

    /** The hosts that it ran on, those where it failed most first. */
    @Exported
    public List<Host> getHosts() {
        return track.hosts().entrySet().stream()
                .map(Host::new)
                .sorted((one, other) -> Integer.compare(other.getFailed(), one.getFailed()))
                .toList();
    }

    /** Where it failed, for people. */
    public String getWhere() {
        List<String> failing = getHosts().stream()
                .filter(host -> host.getFailed() > 0)
                .limit(3)
                .map(host -> host.getName() + " (" + host.getFailed() + ")")
                .toList();
        return track.loneHost().isEmpty() ? String.join(", ", failing) : "only on " + track.loneHost();
    }

    /** How a test did on a host, each attempt counted. */
    @ExportedBean(defaultVisibility = 3)
    public static final class Host {
        private final String name;
        private final TestTrack.HostCount count;

        Host(Map.Entry<String, TestTrack.HostCount> entry) {
            this.name = entry.getKey();
            this.count = entry.getValue();
        }

        /** The host. */
        @Exported
        public String getName() {
            return name;
        }

        /** How often it failed there. */
        @Exported
        public int getFailed() {
            return count.failed();
        }

        /** How often it passed there. */
        @Exported
        public int getPassed() {
            return count.passed();
        }
    }
}
