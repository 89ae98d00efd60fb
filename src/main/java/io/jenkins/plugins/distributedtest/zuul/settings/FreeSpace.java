package io.jenkins.plugins.distributedtest.zuul.settings;

import io.jenkins.plugins.distributedtest.config.Units;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a disk, or of memory, has to be free.
 *
 * @param percent of the whole; 0 if it does not depend on that
 * @param bytes a number of bytes; 0 if it depends on the whole
 */
public record FreeSpace(double percent, long bytes) {
    private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(\\.\\d+)?)\\s*%");

    /** How many bytes of so many have to be free. */
    public long of(long size) {
        return percent > 0 ? (long) (size / 100.0 * percent) : bytes;
    }

    /**
     * Reads a text such as {@code 5 %} or {@code 2 GB}.
     *
     * @return null if it is no such text
     */
    static FreeSpace parse(String text) {
        Matcher matcher = PERCENT.matcher(text.strip());
        if (matcher.matches()) {
            double percent = Double.parseDouble(matcher.group(1));
            return percent > 100 ? null : new FreeSpace(percent, 0);
        }
        boolean bare = text.strip().matches("[0-9.]+") && !text.strip().equals("0");
        Long bytes = bare ? null : Units.size(text);
        return bytes == null ? null : new FreeSpace(0, bytes);
    }

    /** As it is written. */
    @Override
    public String toString() {
        if (percent == 0) {
            return bytes + " bytes";
        }
        return (percent == Math.rint(percent) ? Long.toString((long) percent) : Double.toString(percent)) + " %";
    }
}
