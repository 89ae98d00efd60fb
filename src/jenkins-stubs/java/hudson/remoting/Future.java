package hudson.remoting;

public interface Future<V> {
}

// stub: hudson.remoting.Future
