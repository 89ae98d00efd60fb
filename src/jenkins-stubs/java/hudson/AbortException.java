package hudson;

public class AbortException extends java.io.IOException {
    public AbortException() {}

    public AbortException(java.lang.String a0) {}
}

// stub: hudson.AbortException -a <init> s:java.io.IOException
