package hudson.model;

public final class Result implements java.io.Serializable {
    public static final hudson.model.Result SUCCESS = null;
    public static final hudson.model.Result UNSTABLE = null;
    public static final hudson.model.Result FAILURE = null;
    public static final hudson.model.Result NOT_BUILT = null;
    public static final hudson.model.Result ABORTED = null;

    Result() {}
}

// stub: hudson.model.Result ABORTED FAILURE NOT_BUILT SUCCESS UNSTABLE
