package io.jenkins.plugins.distributedtest.process;

import java.util.ArrayList;
import java.util.List;

/**
 * Options of the JVMs that run this program. Most of it is over before a compiler that optimizes would pay, so only the
 * fast one is used. But that has no use of a processor's SHA-256 instructions: it digests some 70 MB/s where 1,000 are
 * possible. So a listener, which digests all that it receives, has the other compiler as well, for the digest at once and
 * for all else so late that it takes no time from the first runs.
 */
public final class OwnJvm {
    /** For what ends soon. */
    public static final List<String> BRIEF = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** For a listener; {@link #listener} begins with them. The launcher ({@code bin/distributed-test}) has the same. */
    public static final List<String> LISTENER = List.of(
            "-XX:+UseSerialGC",
            "-XX:+IgnoreUnrecognizedVMOptions",
            "-XX:Tier4InvocationThreshold=200000",
            "-XX:Tier4MinInvocationThreshold=100000",
            "-XX:Tier4CompileThreshold=400000",
            "-XX:Tier4BackEdgeThreshold=4000000",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=CompileThresholdScaling,sun.security.provider.SHA2::implCompress0,0.001");

    private OwnJvm() {}

    /**
     * The command of a listener, to be gone on with.
     *
     * @param java the Java to run it with
     * @param program the program's jar
     */
    public static List<String> listener(String java, String program) {
        List<String> command = new ArrayList<>();
        command.add(java);
        command.addAll(LISTENER);
        command.addAll(List.of("-jar", program, "listen"));
        return command;
    }
}
