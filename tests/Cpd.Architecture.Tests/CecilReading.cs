using Mono.Cecil;

namespace Cpd.Architecture.Tests;

/// <summary>Questions to compiled types that Cecil does not answer itself.</summary>
static class CecilReading {
    /// <summary>Base types and interfaces, their own included, with generic arguments filled in.</summary>
    public static IEnumerable<TypeReference> Ancestors(this TypeReference type) {
        TypeDefinition? definition;
        // A reference to something that is not beside us (an analyser's attribute, say) has no ancestors of interest.
        try { definition = type.Resolve(); } catch (AssemblyResolutionException) { yield break; }
        if (definition is null) yield break;
        var direct = definition.Interfaces.Select(i => i.InterfaceType);
        if (definition.BaseType is not null) direct = direct.Prepend(definition.BaseType);
        foreach (var reference in direct) {
            var ancestor = Fill(reference, type);
            yield return ancestor;
            foreach (var further in ancestor.Ancestors()) yield return further;
        }
    }

    /// <summary>The first generic argument of each ancestor with this name, e.g. <c>IRequestHandler`2</c>.</summary>
    public static IEnumerable<string> ArgumentsOf(this TypeReference type, string name) => type.Ancestors().OfType<GenericInstanceType>()
        .Where(a => a.ElementType.Name == name).Select(a => a.GenericArguments[0].FullName).Distinct();

    public static bool Is(this TypeReference type, string name) => type.Ancestors().Any(a => a.Name == name);

    /// <summary>Records are classes with a compiler-made clone.</summary>
    public static bool IsRecord(this TypeDefinition type) => type.Methods.Any(m => m.Name == "<Clone>$");

    /// <summary>Visible outside its assembly, its holders considered.</summary>
    public static bool IsSeenOutside(this TypeDefinition type) =>
        type.DeclaringType is null ? type.IsPublic : (type.IsNestedPublic || type.IsNestedFamily || type.IsNestedFamilyOrAssembly) && type.DeclaringType.IsSeenOutside();

    public static string Plain(this TypeReference type) => type.Name.Split('`')[0];

    static TypeReference Fill(TypeReference reference, TypeReference context) {
        if (context is not GenericInstanceType filled) return reference;
        if (reference is GenericParameter parameter) return parameter.Type == GenericParameterType.Type && parameter.Position < filled.GenericArguments.Count ? filled.GenericArguments[parameter.Position] : reference;
        if (reference is not GenericInstanceType open) return reference;
        var result = new GenericInstanceType(open.ElementType);
        foreach (var argument in open.GenericArguments) result.GenericArguments.Add(Fill(argument, context));
        return result;
    }
}
