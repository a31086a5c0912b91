using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Cpd.Architecture.Tests.Sql;

/// <summary>
/// Dapper expands a list without asking the type handlers: a raw list of Guid reaches SQLite in another form than the keys are kept
/// in, finds nothing and reports no error. Lists of ids therefore go through <c>db.Ids(ids)</c>.
/// </summary>
static class IdLists {
    static readonly string[] Statements = ["One", "List", "Stream", "Execute"];

    public static IReadOnlyList<string> Problems(IEnumerable<TypeDefinition> types) => [.. Methods(types)
        .Where(CallsDb)
        .SelectMany(m => m.Body.Instructions.SelectMany(i => Raw(m, i)).Select(what => $"{Literals.PlaceOf(m)}: {what}; pass db.Ids(ids)"))
        .Distinct()];

    /// <summary>How many methods talk to the database: what the rule looks at.</summary>
    public static int Count(IEnumerable<TypeDefinition> types) => Methods(types).Count(CallsDb);

    static IEnumerable<MethodDefinition> Methods(IEnumerable<TypeDefinition> types) => types.SelectMany(t => t.Methods).Where(m => m.HasBody);

    static bool CallsDb(MethodDefinition method) => method.Body.Instructions.Any(i => IsDb(i) is not null);

    static MethodReference? IsDb(Instruction i) => i.OpCode.FlowControl == FlowControl.Call && i.Operand is MethodReference { DeclaringType.Name: "Db" } call ? call : null;

    static IEnumerable<string> Raw(MethodDefinition method, Instruction instruction) {
        if (instruction.OpCode == OpCodes.Newobj && instruction.Operand is MethodReference { DeclaringType: GenericInstanceType made } && made.Name.StartsWith("<>f__AnonymousType", StringComparison.Ordinal))
            foreach (var argument in made.GenericArguments.Where(IsGuids)) yield return $"arguments hold a raw {argument.Name}";
        // Whole commands given as arguments: their properties are parameters too.
        if (IsDb(instruction) is { } call && Statements.Contains(call.Name) && Argument(method, instruction, fromTop: call.Parameters.Count - 2)?.Resolve() is { } type
            && type.FullName.StartsWith("Cpd.", StringComparison.Ordinal))
            foreach (var property in type.Properties.Where(p => IsGuids(p.PropertyType))) yield return $"{type.FullName} is passed as arguments, and its {property.Name} is a raw {property.PropertyType.Name}";
    }

    static bool IsGuids(TypeReference type) => type switch {
        ArrayType array => IsGuid(array.ElementType),
        GenericInstanceType { ElementType.FullName: not "System.Nullable`1" } generic => generic.GenericArguments.Any(IsGuid),
        _ => false,
    };

    static bool IsGuid(TypeReference type) => type.FullName is "System.Guid" or "System.Nullable`1<System.Guid>";

    /// <summary>The type of an argument, found by walking back over straight code; null where there is a branch in between.</summary>
    static TypeReference? Argument(MethodDefinition method, Instruction call, int fromTop) {
        var skip = fromTop;
        for (var i = call.Previous; i is not null; i = i.Previous) {
            if (i.OpCode.FlowControl is FlowControl.Branch or FlowControl.Cond_Branch || i.OpCode == OpCodes.Dup) return null;
            var (pops, pushes) = (Pops(i), Pushes(i));
            if (pushes > 0 && skip == 0) return TypeOf(method, i);
            // What produced a later argument: step over all that it consumed in turn.
            skip += pops - pushes;
            if (skip < 0) return null;
        }
        return null;
    }

    static int Pushes(Instruction i) => i.Operand is MethodReference m && i.OpCode != OpCodes.Newobj && i.OpCode.FlowControl == FlowControl.Call
        ? m.ReturnType.FullName == "System.Void" ? 0 : 1
        : i.OpCode.StackBehaviourPush == StackBehaviour.Push0 ? 0 : 1;

    static int Pops(Instruction i) => i.Operand is MethodReference m && i.OpCode.StackBehaviourPop == StackBehaviour.Varpop
        ? m.Parameters.Count + (m.HasThis && i.OpCode != OpCodes.Newobj ? 1 : 0)
        : i.OpCode.StackBehaviourPop switch {
            StackBehaviour.Pop0 or StackBehaviour.Varpop => 0,
            StackBehaviour.Pop1 or StackBehaviour.Popi or StackBehaviour.Popref => 1,
            StackBehaviour.Popi_popi_popi or StackBehaviour.Popref_popi_popi or StackBehaviour.Popref_popi_popi8 or StackBehaviour.Popref_popi_popr4 or StackBehaviour.Popref_popi_popr8 or StackBehaviour.Popref_popi_popref => 3,
            _ => 2,
        };

    static TypeReference? TypeOf(MethodDefinition method, Instruction i) => i.Operand switch {
        MethodReference made when i.OpCode == OpCodes.Newobj => made.DeclaringType,
        MethodReference called => called.ReturnType,
        FieldReference field => field.FieldType,
        ParameterReference parameter => parameter.ParameterType,
        VariableReference variable => variable.VariableType,
        _ => i.OpCode.Code switch {
            Code.Ldarg_0 => method.HasThis ? method.DeclaringType : method.Parameters[0].ParameterType,
            Code.Ldarg_1 or Code.Ldarg_2 or Code.Ldarg_3 => method.Parameters[i.OpCode.Code - Code.Ldarg_0 - (method.HasThis ? 1 : 0)].ParameterType,
            Code.Ldloc_0 or Code.Ldloc_1 or Code.Ldloc_2 or Code.Ldloc_3 => method.Body.Variables[i.OpCode.Code - Code.Ldloc_0].VariableType,
            _ => null,
        },
    };
}
