package hudson;

public class EnvVars extends java.util.TreeMap<java.lang.String, java.lang.String> {
    public EnvVars() {}

    public EnvVars(java.util.Map<java.lang.String, java.lang.String> a0) {}

    public EnvVars(hudson.EnvVars a0) {}

    public EnvVars(java.lang.String... a0) {}

    public java.lang.String get(java.lang.String a0, java.lang.String a1) {
        throw new UnsupportedOperationException("stub");
    }
}

// stub: hudson.EnvVars <init> get s:java.util.TreeMap
