package jenkins.util;

public class Timer {
    public static java.util.concurrent.ScheduledExecutorService get() {
        throw new UnsupportedOperationException("stub");
    }

    Timer() {}
}

// stub: jenkins.util.Timer get
