package hudson;

public class AbortException {
    public AbortException() {}
    public AbortException(java.lang.String a0) {}
}

// stub: hudson.AbortException -a <init>
