package hudson.model;

public class Api {
    public Api(java.lang.Object a0) {}
}

// stub: hudson.model.Api <init>/1
