package hudson.remoting;

public interface Future<V> extends java.util.concurrent.Future<V> {}

// stub: hudson.remoting.Future -a s:java.util.concurrent.Future
