package org.kohsuke.stapler;

public interface StaplerRequest2 extends jakarta.servlet.http.HttpServletRequest {
    <T> T bindJSON(java.lang.Class<T> a0, net.sf.json.JSONObject a1);

    <T> T bindJSON(java.lang.reflect.Type a0, java.lang.Class<T> a1, java.lang.Object a2);

    void bindJSON(java.lang.Object a0, net.sf.json.JSONObject a1);

    <T> T findAncestorObject(java.lang.Class<T> a0);
}

// stub: org.kohsuke.stapler.StaplerRequest2 bindJSON bindJSON/2:JSONObject findAncestorObject
// s:jakarta.servlet.http.HttpServletRequest
