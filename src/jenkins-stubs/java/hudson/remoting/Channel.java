package hudson.remoting;

public class Channel implements hudson.remoting.VirtualChannel, java.io.Closeable {
    public <V, T extends java.lang.Throwable> V call(hudson.remoting.Callable<V, T> a0)
            throws java.io.IOException, T, java.lang.InterruptedException {
        throw new UnsupportedOperationException("stub");
    }

    public <V, T extends java.lang.Throwable> hudson.remoting.Future<V> callAsync(hudson.remoting.Callable<V, T> a0)
            throws java.io.IOException {
        throw new UnsupportedOperationException("stub");
    }

    public <T> T export(java.lang.Class<T> a0, T a1) {
        throw new UnsupportedOperationException("stub");
    }

    public void addListener(hudson.remoting.Channel.Listener a0) {
        throw new UnsupportedOperationException("stub");
    }

    public void close() throws java.io.IOException {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.remoting.Channel current() {
        throw new UnsupportedOperationException("stub");
    }

    public static hudson.remoting.Channel currentOrFail() throws java.lang.IllegalStateException {
        throw new UnsupportedOperationException("stub");
    }

    Channel() {}

    public abstract static class Listener {
        public Listener() {}

        public void onClosed(hudson.remoting.Channel a0, java.io.IOException a1) {
            throw new UnsupportedOperationException("stub");
        }
    }
}

// stub: hudson.remoting.Channel addListener call callAsync close/0 current currentOrFail
// stub: hudson.remoting.Channel$Listener onClosed
