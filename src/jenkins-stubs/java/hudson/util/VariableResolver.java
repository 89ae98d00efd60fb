package hudson.util;

public interface VariableResolver<V> {
    V resolve(java.lang.String a0);
}

// stub: hudson.util.VariableResolver s:java.lang.Iterable
