package io.jenkins.plugins.distributedtest.jenkins.executors;

import hudson.AbortException;
import hudson.Proc;
import io.jenkins.plugins.distributedtest.process.BoundedText;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for a Java that can run the program in the environment of a step: the one that the step names; otherwise that of
 * {@code JAVA_HOME}, that of {@code PATH}, and the agent's own, which a container has where its directory is mounted.
 */
final class JavaSearch {
    private static final Logger LOG = Logger.getLogger(JavaSearch.class.getName());
    private static final int LEAST = 17;
    private static final int LIMIT_SECONDS = 60;
    private static final int SHOWN = 4 << 10;
    private static final Pattern VERSION = Pattern.compile("version \"((\\d+)(?:\\.(\\d+))?[^\"]*)\"");

    private final GuestPlace place;
    private final List<String> tried = new ArrayList<>();

    private JavaSearch(GuestPlace place) {
        this.place = place;
    }

    /**
     * Finds one, and says which in the log. Blocks.
     *
     * @param place the environment
     * @param wanted the Java that the step names; null for none
     * @param agents the directory of the agent's own Java
     * @return the command that starts it
     * @throws AbortException if there is none; says what was looked at, and the way out
     */
    static String find(GuestPlace place, String wanted, String agents) throws IOException, InterruptedException {
        JavaSearch search = new JavaSearch(place);
        for (String each : candidates(place, wanted, agents)) {
            String version = search.version(each);
            if (version != null) {
                place.log().getLogger().println("The listener runs with Java " + version + " (" + each + ").");
                return each;
            }
        }
        throw new AbortException("No Java " + LEAST + " or later was found for the listener on " + place.words() + ": "
                + String.join("; ", search.tried)
                + (wanted == null
                        ? ". Install one there (in an image, for example openjdk-17-jre-headless of Debian or"
                                + " openjdk17-jre-headless of Alpine), name one with the option java, or mount the"
                                + " agent's own, as in docker.image(…).inside('-v " + agents + ":" + agents + ":ro')"
                        : ". Correct the option java, or leave it out: then JAVA_HOME and PATH are looked at"));
    }

    private static List<String> candidates(GuestPlace place, String wanted, String agents) {
        if (wanted != null) {
            return List.of(wanted);
        }
        List<String> all = new ArrayList<>();
        String home = place.environment().get("JAVA_HOME");
        if (home != null && !home.isBlank()) {
            all.add(home + "/bin/java");
        }
        all.add("java");
        all.add(agents + "/bin/java");
        return all.stream().distinct().toList();
    }

    /** Null if there is none, or one that is too old. */
    private String version(String java) throws InterruptedException {
        BoundedText output = new BoundedText(SHOWN, 1);
        try {
            Proc process = place.launcher()
                    .launch()
                    .cmds(java, "-version")
                    .envs(place.environment())
                    .pwd(place.directory())
                    .stdout(into(output))
                    .quiet(true)
                    .start();
            int code = process.joinWithTimeout(LIMIT_SECONDS, TimeUnit.SECONDS, place.log());
            String text = output.toString();
            Matcher matcher = VERSION.matcher(text);
            if (code == 0 && matcher.find()) {
                return fits(java, matcher);
            }
            tried.add(java + " is not there"
                    + (text.isBlank()
                            ? ""
                            : " (" + text.strip().lines().findFirst().get() + ")"));
        } catch (IOException e) {
            tried.add(java + " is not there");
            LOG.log(Level.FINE, e, () -> java + " cannot be started on " + place.words());
        }
        return null;
    }

    private String fits(String java, Matcher matcher) {
        int first = Integer.parseInt(matcher.group(2));
        int version = first == 1 && matcher.group(3) != null ? Integer.parseInt(matcher.group(3)) : first;
        if (version >= LEAST) {
            return matcher.group(1);
        }
        tried.add(java + " is " + matcher.group(1));
        return null;
    }

    private static OutputStream into(BoundedText output) {
        return new OutputStream() {
            @Override
            public void write(int one) {
                write(new byte[] {(byte) one}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                output.append(bytes, offset, length);
            }
        };
    }
}
