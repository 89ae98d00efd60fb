package io.jenkins.plugins.distributedtest.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them. */
public final class Units {
    private static final Pattern AMOUNT = Pattern.compile("\\s*([0-9]{1,12}(?:\\.[0-9]{1,6})?)\\s*([a-zA-Z]*)\\s*");
    private static final Map<String, Long> MILLIS = Map.ofEntries(
            Map.entry("ms", 1L),
            Map.entry("", 1000L),
            Map.entry("s", 1000L),
            Map.entry("sec", 1000L),
            Map.entry("seconds", 1000L),
            Map.entry("m", 60_000L),
            Map.entry("min", 60_000L),
            Map.entry("minutes", 60_000L),
            Map.entry("h", 3_600_000L),
            Map.entry("hours", 3_600_000L),
            Map.entry("d", 86_400_000L),
            Map.entry("days", 86_400_000L));
    private static final Map<String, Long> BYTES = Map.of(
            "",
            1L,
            "b",
            1L,
            "kb",
            1000L,
            "mb",
            1000_000L,
            "gb",
            1000_000_000L,
            "kib",
            1L << 10,
            "mib",
            1L << 20,
            "gib",
            1L << 30);
    private static final Duration LONGEST = Duration.ofDays(365);

    private Units() {}

    /**
     * A duration such as {@code 10m}, {@code 30 s}, {@code 500ms}, {@code 1.5h}, or a number of seconds.
     *
     * @return more than zero, at most a year; null if the text is no such duration
     */
    public static Duration duration(String text) {
        BigDecimal millis = amount(text, MILLIS);
        if (millis == null || millis.signum() == 0 || millis.compareTo(BigDecimal.valueOf(LONGEST.toMillis())) > 0) {
            return null;
        }
        return Duration.ofMillis(Math.max(1, millis.longValue()));
    }

    /**
     * A size such as {@code 256 MiB}, {@code 10kB}, or a number of bytes.
     *
     * @return bytes from 0 up; null if the text is no such size
     */
    public static Long size(String text) {
        BigDecimal bytes = amount(text, BYTES);
        return bytes == null || bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0 ? null : bytes.longValue();
    }

    private static BigDecimal amount(String text, Map<String, Long> units) {
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        Long unit = units.get(matcher.group(2).toLowerCase(Locale.ROOT));
        return unit == null ? null : new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
    }
}
