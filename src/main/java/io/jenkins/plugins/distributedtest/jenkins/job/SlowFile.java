package io.jenkins.plugins.distributedtest.jenkins.job;

import io.jenkins.plugins.distributedtest.jenkins.build.RunSentence;
import java.util.List;
import java.util.Locale;
import org.kohsuke.stapler.export.Exported;
import org.kohsuke.stapler.export.ExportedBean;

/** One of the slowest files of a job, on its page and in {@code api/json}. */
@ExportedBean(defaultVisibility = 2)
public final class SlowFile {
    private static final int STEP = 10;
    private static final int HEIGHT = 20;

    private final FileTrack track;

    SlowFile(FileTrack track) {
        this.track = track;
    }

    /** The title of the runs that it was in; possibly empty. */
    @Exported
    public String getTitle() {
        return track.title();
    }

    /** Its path. */
    @Exported
    public String getFile() {
        return track.file();
    }

    /** The median of its last few times, in seconds. */
    @Exported
    public double getSeconds() {
        return track.typicalSeconds();
    }

    /** What it takes now over what it took in the few runs before; 1 where too little is known. */
    @Exported
    public double getTrend() {
        return track.trend();
    }

    /** Its last times in seconds, the oldest first. */
    @Exported
    public List<Double> getTimes() {
        return track.times().stream().map(FileTrack.Time::seconds).toList();
    }

    /** The median for people. */
    public String getWords() {
        return RunSentence.duration(track.typicalSeconds());
    }

    /** The trend for people; empty where nothing has changed, or too little is known. */
    public String getTrendWords() {
        return track.trendWords();
    }

    /** Whether it has become slower. */
    public boolean isSlower() {
        return track.isSlower();
    }

    /** Its times as the points of a line, in a drawing {@link #getLineWidth} wide and 20 high. */
    public String getLine() {
        double most = getTimes().stream().mapToDouble(Double::doubleValue).max().orElse(0);
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < track.times().size(); i++) {
            double share = most <= 0 ? 0 : track.times().get(i).seconds() / most;
            points.append(String.format(Locale.ROOT, "%d,%.1f ", i * STEP, HEIGHT - 1 - share * (HEIGHT - 2)));
        }
        return points.toString().strip();
    }

    /** How wide the drawing of its line is. */
    public int getLineWidth() {
        return Math.max(1, track.times().size() - 1) * STEP;
    }
}
