package hudson.remoting;

public interface Callable<V, T extends java.lang.Throwable> extends java.io.Serializable {
    V call() throws T;
}

// stub: hudson.remoting.Callable -a
