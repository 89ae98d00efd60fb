package hudson.model;

public class TextParameterValue extends hudson.model.StringParameterValue {
    public TextParameterValue(java.lang.String a0, java.lang.String a1) {
        super((java.lang.String) null, (java.lang.String) null);
    }
}

// stub: hudson.model.TextParameterValue <init>/2 s:hudson.model.StringParameterValue
