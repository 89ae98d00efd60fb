package hudson.model;

public class StringParameterValue extends hudson.model.ParameterValue {
    public StringParameterValue(java.lang.String a0, java.lang.String a1) {
        super((java.lang.String) null, (java.lang.String) null);
    }
}

// stub: hudson.model.StringParameterValue <init>/2 s:hudson.model.ParameterValue
