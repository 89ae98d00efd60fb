package hudson.model;

public abstract class ParameterValue implements java.io.Serializable {
    protected ParameterValue(java.lang.String a0, java.lang.String a1) {}
}

// stub: hudson.model.ParameterValue <init>/2
